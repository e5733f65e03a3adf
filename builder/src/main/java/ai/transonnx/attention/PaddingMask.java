package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Operations on padding masks: bool {@code [b, n]}, false for padding.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public final class PaddingMask {
  private PaddingMask() {}

  /**
   * Prepends positions that are not padding to a mask.
   *
   * @param kept bool {@code [b, n]}
   * @param count number of positions to prepend: int64 {@code [1]}
   * @param added the size of the prepended part, {@code count}
   * @return bool {@code [b, added + n]}
   */
  public static Value before(Scope scope, Value kept, Value count, Dim added) {
    var one = scope.cast(scope.scalar(1L), ElementType.BOOL);
    var sizes = scope.concat(0, scope.size(kept, 0), count);
    var all = scope.expand(one, sizes, Shape.of(kept.dim(0), added)); // [b, added]
    return scope.concat(1, all, kept);
  }
}
