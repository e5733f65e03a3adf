package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Vectors of one length, which is learned: x-transformers' {@code ScaleNorm}.
 *
 * @param unit a factor of the length: what it counts in
 * @see <a href="https://arxiv.org/abs/1910.05895">Transformers without Tears</a>
 */
public record ScaleNorm(double unit) implements Norm {
  private static final float EPSILON = 1e-5f;

  @Override
  public Value of(Scope scope, Value x) {
    var norm = unit == 1 ? scope.norm(x) : scope.mul(scope.norm(x), scope.scalar((float) unit));
    var length = scope.max(norm, scope.scalar(EPSILON)); // [..., 1]
    return scope.mul(scope.div(x, length), scope.parameter("g", 1));
  }
}
