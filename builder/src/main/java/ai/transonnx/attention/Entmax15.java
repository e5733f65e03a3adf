package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * 1.5-entmax: turns the scores of a query into weights that sum to 1, many of which are 0. A weight
 * is {@code max(score / 2 - threshold, 0) ^ 2}, with the threshold for which the sum is 1.
 *
 * <p>The greatest score is subtracted from all first, so the threshold is at least -1. Halved
 * scores below -1 have weight 0. They are raised to -1, which does not change the result and keeps
 * the sums finite for masked keys.
 *
 * <p>Immutable; threads may share it.
 *
 * @see <a href="https://arxiv.org/abs/1905.05702">Sparse Sequence-to-Sequence Models</a>
 */
public record Entmax15() implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var count = scope.size(scores, 3); // [1]
    Dim keys = scores.dim(3);
    var greatest = scope.greatest(scores, scope.vector(1), Dim.of(1)); // [b, h, i, 1]
    var halved = scope.mul(scope.sub(scores, greatest), scope.scalar(0.5f));
    var bounded = scope.max(halved, scope.scalar(-1f)); // [b, h, i, j], 0 to -1
    var sorted = scope.greatest(bounded, count, keys); // [b, h, i, j]
    var thresholds = thresholds(scope, sorted, count, keys); // [b, h, i, j]
    // the support of a query: the number of its greatest scores that exceed their own threshold
    var above = scope.cast(scope.lessOrEqual(thresholds, sorted), ElementType.INT64);
    var support = scope.keptSum(above, 3); // [b, h, i, 1]
    var threshold = scope.gatherElements(thresholds, scope.sub(support, scope.scalar(1L)));
    var root = scope.relu(scope.sub(bounded, threshold));
    return scope.mul(root, root);
  }

  /** For each k, the threshold if only the k greatest scores had weight. */
  private static Value thresholds(Scope scope, Value sorted, Value count, Dim keys) {
    var steps = scope.add(scope.range(count, keys), scope.scalar(1L));
    var k = scope.cast(steps, scope.wideType()); // [j]
    var mean = scope.div(scope.cumSum(sorted, 3), k);
    var meanSquare = scope.div(scope.cumSum(scope.mul(sorted, sorted), 3), k);
    var variance = scope.sub(meanSquare, scope.mul(mean, mean));
    var gap = scope.sub(scope.div(scope.scalar(1f), k), variance);
    return scope.sub(mean, scope.sqrt(scope.relu(gap)));
  }
}
