package ai.transonnx.flash;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * FLASH-pytorch's {@code ScaleNorm}: a vector by its root mean square, times one learned number.
 *
 * @param dim features
 * @see <a href="https://arxiv.org/abs/1910.05895">Transformers without Tears</a>
 */
record ScaleNorm(long dim) {
  private static final float LEAST = 1e-5f;

  /**
   * Applies the layer.
   *
   * @param scope where {@code g} is
   * @param x {@code [..., dim]}
   * @return {@code [..., dim]}
   */
  Value of(Scope scope, Value x) {
    var squares = scope.keptSum(scope.mul(x, x), -1); // [..., 1]
    var scale = scope.scalar((float) (1 / Math.sqrt((double) dim)));
    var norm = scope.mul(scope.sqrt(squares), scale); // [..., 1]
    var factor = scope.div(scope.parameter("g", 1), scope.max(norm, scope.scalar(LEAST)));
    return scope.mul(x, factor);
  }
}
