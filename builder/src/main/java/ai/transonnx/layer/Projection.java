package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.op.Scope;

/**
 * PyTorch's {@code nn.Linear} without a bias.
 *
 * <p>Immutable; threads may share it.
 *
 * @param in features of an input
 * @param from the first of the layer's features that are computed
 * @param to the feature after the last that is computed
 * @param out features that the stored layer has
 */
public record Projection(long in, long from, long to, long out) {
  /** All of the layer's features. */
  public Projection(long in, long out) {
    this(in, 0, out, out);
  }

  /** Only some of the layer's features, as slicing its output would give. */
  public Projection features(long first, long end) {
    return new Projection(in, first, end, out);
  }

  /**
   * Applies the layer.
   *
   * @param scope where {@code weight} is
   * @param x {@code [..., in]}
   * @return {@code [..., to - from]}
   */
  public Value of(Scope scope, Value x) {
    var stored = scope.storedMatrix("weight", out, in);
    var rows = from == 0 && to == out ? stored : new WeightExpression.Rows(stored, from, to);
    return scope.matMul(x, scope.matrix(rows.transposed()));
  }
}
