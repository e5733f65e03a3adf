package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The libraries' {@code ScaleNorm}: scales vectors to one learned Euclidean norm.
 *
 * <p>Immutable; threads may share it.
 *
 * @param unit the factor by which Euclidean norms are multiplied before they are compared with the
 *     learned one
 * @see <a href="https://arxiv.org/abs/1910.05895">Transformers without Tears</a>
 */
public record ScaleNorm(double unit) implements Norm {
  private static final double LEAST = 1e-5;

  /** A norm that scales vectors of {@code dim} features to a learned root mean square. */
  public static ScaleNorm ofRootMeanSquare(long dim) {
    return new ScaleNorm(1 / Math.sqrt((double) dim));
  }

  @Override
  public Value of(Scope scope, Value x) {
    var length = scope.max(scope.norm(x), scope.scalar(LEAST / unit)); // [..., 1]
    var wanted = scope.parameter(scope.stored("g", 1).times(1 / unit)); // [1]
    return scope.mul(x, scope.div(wanted, length));
  }
}
