package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Masks of positions: bool {@code [b, n]}, true for those that are not padding.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public final class PaddingMask {
  private PaddingMask() {}

  /**
   * A mask with kept positions before its own.
   *
   * @param kept bool {@code [b, n]}
   * @param count how many: int64 {@code [1]}
   * @param added what {@code count} is when the model runs
   * @return bool {@code [b, added + n]}
   */
  public static Value before(Scope scope, Value kept, Value count, Dim added) {
    var one = scope.cast(scope.scalar(1L), ElementType.BOOL);
    var sizes = scope.concat(0, scope.size(kept, 0), count);
    var all = scope.expand(one, sizes, Shape.of(kept.dim(0), added)); // [b, added]
    return scope.concat(1, all, kept);
  }
}
