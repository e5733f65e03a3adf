package ai.transonnx.golden;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Continues sequences of a model that has other inputs, too: all of them are given again at each
 * step. Tokens are continued by the likeliest, vectors by the last output.
 */
final class FullRecomputation {
  private final OnnxModel model;

  FullRecomputation(OnnxModel model) {
    this.model = model;
  }

  /**
   * What follows.
   *
   * @param inputs those of the recorded step
   * @param expected a tensor of the shape of the result: {@code [b, n]} or {@code [b, n, d]}
   */
  Tensor generate(Map<String, Tensor> inputs, Tensor expected) {
    String prompt = inputs.containsKey("tokens") ? "tokens" : "x";
    String input = model.signature().input("tgt").isPresent() ? "tgt" : prompt;
    var call = new HashMap<>(inputs);
    var all = Objects.requireNonNull(call.remove(prompt));
    int given = length(all);
    int added = length(expected);
    for (int i = 0; i < added; i++) {
      int from = Math.max(0, length(all) - seen());
      call.put(input, Pieces.cut(all, from, length(all) - from));
      var outputs = model.run(call);
      var next =
          prompt.equals("tokens")
              ? likeliest(last(Objects.requireNonNull(outputs.get("logits"))))
              : last(Objects.requireNonNull(outputs.get("out")));
      all = Pieces.join(List.of(all, next));
    }
    return Pieces.cut(all, given, added);
  }

  private static int length(Tensor sequence) {
    return (int) sequence.shape()[1];
  }

  private static Tensor last(Tensor sequence) {
    return Pieces.cut(sequence, length(sequence) - 1, 1);
  }

  /** The tokens {@code [b, 1]} of logits {@code [b, 1, v]}. */
  private static Tensor likeliest(Tensor logits) {
    int rows = (int) logits.shape()[0];
    int vocabulary = (int) logits.shape()[2];
    float[] all = logits.floats();
    var tokens = new long[rows];
    for (int row = 0; row < rows; row++) {
      int best = row * vocabulary;
      for (int i = best; i < (row + 1) * vocabulary; i++) {
        best = all[i] > all[best] ? i : best;
      }
      tokens[row] = best - (long) row * vocabulary;
    }
    return Tensor.ofLongs(tokens, rows, 1);
  }

  private int seen() {
    return model.metadata().maxLength().orElse(Integer.MAX_VALUE);
  }
}
