package ai.transonnx.golden;

import ai.transonnx.runtime.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
   * @param inputs those of the recorded step
   * @param expected a tensor of the shape of the result: {@code [b, n, d]}
   */
  Tensor generate(Map<String, Tensor> inputs, Tensor expected) {
    int length = (int) expected.shape()[1];
    var rest = new HashMap<>(inputs);
    var sequence = Objects.requireNonNull(rest.remove("x"));
    for (int i = 0; i < length; i++) {
      var out = run(rest, sequence);
      var last = Pieces.cut(out, (int) out.shape()[1] - 1, 1);
      sequence = Pieces.join(List.of(sequence, last));
    }
    return Pieces.cut(sequence, (int) sequence.shape()[1] - length, length);
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
    int count = n - current.given();
    var piece = Pieces.cut(sequence, current.given(), count);
    return Objects.requireNonNull(current.next(Map.of("x", piece), count).get("out"));
  }

  private int seen() {
    return model.metadata().maxLength().orElse(Integer.MAX_VALUE / 2);
  }
}
