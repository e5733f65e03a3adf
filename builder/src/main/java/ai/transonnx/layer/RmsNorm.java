package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * x-transformers' {@code RMSNorm}: divides features by their root mean square. It bounds the root
 * mean square from below by an epsilon, instead of adding one to the mean square.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of features
 * @see <a href="https://arxiv.org/abs/1910.07467">Root Mean Square Layer Normalization</a>
 */
public record RmsNorm(long dim) implements Norm {
  private static final double EPSILON = 1e-8;

  @Override
  public Value of(Scope scope, Value x) {
    var scale = scope.scalar(1 / Math.sqrt((double) dim));
    var rms = scope.max(scope.mul(scope.norm(x), scale), scope.scalar(EPSILON)); // [..., 1]
    return scope.mul(scope.div(x, rms), scope.parameter("g", dim));
  }
}
