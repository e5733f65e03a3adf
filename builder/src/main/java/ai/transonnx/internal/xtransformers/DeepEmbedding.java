package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * Factors of the outputs of feedforward layers, which depend on the token: {@code ff_deep_embed}.
 * Immutable.
 *
 * @param tokens the vocabulary size
 * @param layers the number of feedforward layers that have factors
 * @param dim the model dimension
 */
public record DeepEmbedding(int tokens, int layers, int dim) {
  /**
   * The factors of each layer.
   *
   * @param indices int64 {@code [b, n]}
   * @return {@code [b, n, dim]} each
   */
  List<Value> of(Scope scope, Value indices) {
    var table = scope.matrix("ff_deep_embed", tokens, layers, dim);
    var all = scope.widen(scope.gather(table, 0, indices)); // [b, n, layers, dim]
    var factors = new ArrayList<Value>();
    for (int layer = 0; layer < layers; layer++) {
      factors.add(scope.squeeze(scope.slice(all, 2, layer, layer + 1), 2));
    }
    return factors;
  }
}
