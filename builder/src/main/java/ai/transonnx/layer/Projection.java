package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.op.Scope;

/**
 * PyTorch's {@code nn.Linear} without a bias.
 *
 * <p>Immutable; threads may share it.
 *
 * @param in number of input features
 * @param from index of the first output feature to compute
 * @param to index after the last output feature to compute
 * @param out number of output features of the stored layer
 */
public record Projection(long in, long from, long to, long out) {
  /** A layer that computes all output features. */
  public Projection(long in, long out) {
    this(in, 0, out, out);
  }

  /**
   * This layer computing only the output features {@code first} to {@code end - 1}: equal to
   * slicing its output.
   */
  public Projection features(long first, long end) {
    return new Projection(in, first, end, out);
  }

  /**
   * Applies the layer.
   *
   * @param scope the module that has {@code weight}
   * @param x {@code [..., in]}
   * @return {@code [..., to - from]}
   */
  public Value of(Scope scope, Value x) {
    var stored = scope.storedMatrix("weight", out, in);
    var rows = from == 0 && to == out ? stored : new WeightExpression.Rows(stored, from, to);
    return scope.matMul(x, scope.matrix(rows.transposed()));
  }
}
