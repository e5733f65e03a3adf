package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Selective attention: a query's positive scores in the first head are subtracted from the scores
 * of all later queries. It does so for no key of the query itself, of the first position, and of
 * memories.
 *
 * <p>Of the queries of earlier calls, a sum for each key is kept.
 *
 * <p>Immutable; threads may share it.
 *
 * @see <a href="https://arxiv.org/abs/2410.02703">Selective Attention Improves Transformer</a>
 */
public record SelectiveAttention() implements ScoreTransform {
  /**
   * Transforms causally masked scores.
   *
   * @param scores {@code [b, h, i, j]}, where the last i keys are those of the queries if the call
   *     has no cache
   */
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var cache = context.call().cache();
    var store = cache == null ? null : cache.store();
    var positions =
        store == null
            ? Positions.of(
                scope, scope.size(scores, 2), scores.dim(2), scope.size(scores, 3), scores.dim(3))
            : store.positions();
    var firstHead = scope.widen(scope.slice(scores, 1, 0, 1)); // [b, 1, i, j]
    var counted = counted(scope, positions); // [i, j], or [b, 1, i, j]
    var gates =
        scope.squeeze(
            scope.where(counted, scope.relu(firstHead), scope.scalar(0f)), 1); // [b, i, j]
    var before =
        store == null
            ? scope.sumOfPreceding(gates, 1)
            : store.sumsOfEarlierQueries(scope, "subtracted", gates); // [b, i, j]
    return scope.sub(scope.widen(scores), scope.unsqueeze(before, 1));
  }

  /** Whether a query's score of a key counts for later queries. */
  private static Value counted(Scope scope, Positions positions) {
    var isEarlier = scope.greaterOrEqual(positions.distances(), scope.scalar(1L));
    return scope.and(positions.areAfterFirst(), isEarlier);
  }
}
