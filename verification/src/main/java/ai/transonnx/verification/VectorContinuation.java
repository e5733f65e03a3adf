package ai.transonnx.verification;

import ai.transonnx.runtime.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Continues sequences of vectors with the model's last output. Each step recomputes the sequence,
 * unless the model has state and the sequence fits its context window.
 */
final class VectorContinuation {
  private final CaseModel model;
  private @Nullable SequenceCalls calls;

  VectorContinuation(CaseModel model) {
    this.model = model;
  }

  /**
   * Continues a prompt.
   *
   * @param prompt {@code [b, n, d]}
   * @param others the inputs besides vectors and state
   * @return {@code [b, length, d]}
   */
  Tensor generate(Tensor prompt, Map<String, Tensor> others, int length) {
    var sequence = prompt;
    for (int i = 0; i < length; i++) {
      var out = run(others, sequence);
      var last = SequenceSlices.cut(out, (int) out.shape()[1] - 1, 1);
      sequence = SequenceSlices.join(List.of(sequence, last));
    }
    return SequenceSlices.cut(sequence, (int) sequence.shape()[1] - length, length);
  }

  /** The outputs for a sequence, or for as many of its last positions as the model can see. */
  private Tensor run(Map<String, Tensor> others, Tensor sequence) {
    int n = (int) sequence.shape()[1];
    boolean hasState = !model.metadata().state().isEmpty();
    var before = calls;
    var current =
        before != null && hasState && n <= window()
            ? before
            : new SequenceCalls(model, "x", others, Math.max(0, n - window()));
    calls = current;
    var out = sequence;
    while (current.position() < n) {
      int count = Math.min(n - current.position(), current.room());
      var chunk = SequenceSlices.cut(sequence, current.position(), count);
      out = current.next(Map.of("x", chunk), count).get("out");
    }
    return out;
  }

  private int window() {
    return model.metadata().maxLength().orElse(Integer.MAX_VALUE / 2);
  }
}
