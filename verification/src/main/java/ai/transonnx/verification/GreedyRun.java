package ai.transonnx.verification;

import ai.transonnx.runtime.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Continues sequences of vectors by the last output. All of it is given again at each step, unless
 * the model has state and has room for the whole sequence.
 */
final class GreedyRun {
  private final CaseModel model;
  private @Nullable SequenceCalls calls;

  GreedyRun(CaseModel model) {
    this.model = model;
  }

  /**
   * What follows.
   *
   * @param prompt {@code [b, n, d]}
   * @param others what the model takes besides
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

  /** What comes of the last positions that the model can see of a sequence. */
  private Tensor run(Map<String, Tensor> rest, Tensor sequence) {
    int n = (int) sequence.shape()[1];
    boolean hasState = !model.metadata().state().isEmpty();
    var before = calls;
    var current =
        before != null && hasState && n <= seen()
            ? before
            : new SequenceCalls(model, "x", rest, Math.max(0, n - seen()));
    calls = current;
    var out = sequence;
    while (current.given() < n) {
      int count = Math.min(n - current.given(), current.room());
      var piece = SequenceSlices.cut(sequence, current.given(), count);
      out = current.next(Map.of("x", piece), count).get("out");
    }
    return out;
  }

  private int seen() {
    return model.metadata().maxLength().orElse(Integer.MAX_VALUE / 2);
  }
}
