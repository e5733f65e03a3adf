package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Vectors of one length, which is learned: the libraries' {@code ScaleNorm}.
 *
 * <p>Immutable; threads may share it.
 *
 * @param unit a factor of the length: what it counts in
 * @see <a href="https://arxiv.org/abs/1910.05895">Transformers without Tears</a>
 */
public record ScaleNorm(double unit) implements Norm {
  private static final double LEAST = 1e-5;

  /** Lengths that count in roots of a number of features: root mean squares. */
  public static ScaleNorm ofRootMeanSquare(long dim) {
    return new ScaleNorm(1 / Math.sqrt((double) dim));
  }

  @Override
  public Value of(Scope scope, Value x) {
    var length = scope.max(scope.norm(x), scope.scalar((float) (LEAST / unit))); // [..., 1]
    var wanted = scope.parameter(scope.stored("g", 1).times(1 / unit)); // [1]
    return scope.mul(x, scope.div(wanted, length));
  }
}
