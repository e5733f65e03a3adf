package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Masks all but the greatest scores of a query, or all but those below them.
 *
 * <p>Immutable; threads may share it.
 *
 * @param count number of greatest scores
 * @param kept the scores that are not masked
 * @see <a href="https://arxiv.org/abs/1912.11637">Explicit Sparse Transformer</a>
 */
public record SparseTopK(int count, Kept kept) implements ScoreTransform {
  /** The scores that are not masked. */
  public enum Kept {
    /** The greatest, and those that equal the least of them. No effect if there are fewer keys. */
    GREATEST,
    /** Those below the greatest, as in some releases. No effect if there are not more keys. */
    BELOW_GREATEST
  }

  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var all = scope.size(scores, 3);
    var most = scope.min(all, scope.vector(count)); // [1]
    var greatest = scope.greatest(scores, most, scope.unknownDim()); // [b, h, i, most]
    var least = scope.slice(greatest, 3, -1, Scope.END); // [b, h, i, 1]
    var isBelow = scope.less(scores, least);
    var lowest = scope.lowest();
    if (kept == Kept.GREATEST) {
      return scope.where(isBelow, lowest, scores);
    }
    var isVisible = scope.or(isBelow, scope.lessOrEqual(all, scope.vector(count)));
    return scope.where(isVisible, scores, lowest);
  }
}
