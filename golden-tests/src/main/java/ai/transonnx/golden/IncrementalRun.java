package ai.transonnx.golden;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.StatePair;
import ai.transonnx.runtime.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs a model with state over a sequence that is given in pieces. All that it knows of the model
 * are the pairs of its metadata.
 */
final class IncrementalRun {
  private static final String TOKENS = "tokens";
  private static final String LOGITS = "logits";

  private final OnnxModel model;

  IncrementalRun(OnnxModel model) {
    this.model = model;
  }

  /**
   * The logits of all positions.
   *
   * @param tokens int64 {@code [b, n]}
   * @param pieces the number of positions of each call; their sum is n
   * @return {@code [b, n, v]}
   */
  Tensor logits(Tensor tokens, List<Integer> pieces) {
    int batch = (int) tokens.shape()[0];
    int length = (int) tokens.shape()[1];
    int vocabulary = model.vocabulary().orElseThrow();
    var given = tokens.longs();
    var logits = new float[batch * length * vocabulary];
    Map<String, Tensor> state = new HashMap<>();
    for (var pair : model.metadata().state()) {
      state.put(pair.input(), pair.zeros(batch));
    }
    int start = 0;
    for (int piece : pieces) {
      var inputs = new HashMap<>(state);
      inputs.put(TOKENS, columns(given, batch, length, start, piece));
      var outputs = model.run(inputs);
      var computed = Objects.requireNonNull(outputs.get(LOGITS)).floats();
      for (int row = 0; row < batch; row++) {
        System.arraycopy(
            computed,
            row * piece * vocabulary,
            logits,
            (row * length + start) * vocabulary,
            piece * vocabulary);
      }
      for (StatePair pair : model.metadata().state()) {
        state.put(pair.input(), Objects.requireNonNull(outputs.get(pair.output())));
      }
      start += piece;
    }
    return Tensor.ofFloats(logits, batch, length, vocabulary);
  }

  private static Tensor columns(long[] tokens, int batch, int length, int start, int count) {
    var some = new long[batch * count];
    for (int row = 0; row < batch; row++) {
      System.arraycopy(tokens, row * length + start, some, row * count, count);
    }
    return Tensor.ofLongs(some, batch, count);
  }
}
