package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Masks all but the greatest scores of a query; scores that equal the least of these are not
 * masked.
 *
 * <p>Immutable; threads may share it.
 *
 * @param count number of scores to keep; no effect if there are fewer keys
 * @see <a href="https://arxiv.org/abs/1912.11637">Explicit Sparse Transformer</a>
 */
public record SparseTopK(int count) implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores) {
    var kept = scope.min(scope.size(scores, 3), scope.vector(count)); // [1]
    var greatest = scope.greatest(scores, kept, scope.unknownDim()); // [b, h, i, kept]
    var least = scope.slice(greatest, 3, -1, Scope.END); // [b, h, i, 1]
    return scope.where(scope.less(scores, least), scope.scalar(Masking.LOWEST), scores);
  }
}
