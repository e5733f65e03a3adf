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
   * Prepends a key that is not masked to a mask of pairs of queries and keys.
   *
   * @param allowed bool {@code [..., i, j]}
   * @return bool {@code [..., i, 1 + j]}
   */
  public static Value beforeKeys(Scope scope, Value allowed) {
    int last = allowed.rank() - 1;
    var one = scope.cast(scope.scalar(1L), ElementType.BOOL);
    var sizes = scope.concat(0, scope.sizes(allowed, 0, last), scope.vector(1));
    var first = scope.expand(one, sizes, allowed.shape().withLast(Dim.of(1)));
    return scope.concat(last, first, allowed);
  }

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
