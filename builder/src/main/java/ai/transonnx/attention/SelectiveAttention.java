package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Selective attention: a query's positive scores in the first head are subtracted from the scores
 * of all later queries. It does so for no key of the query itself, of the first position, and of
 * memories.
 *
 * <p>Immutable; threads may share it.
 *
 * @see <a href="https://arxiv.org/abs/2410.02703">Selective Attention Improves Transformer</a>
 */
public record SelectiveAttention() implements ScoreTransform {
  /**
   * Transforms causally masked scores.
   *
   * @param scores {@code [b, h, i, j]}, where the last i keys are those of the queries
   */
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    Dim i = scores.dim(2);
    Dim j = scores.dim(3);
    var queryCount = scope.size(scores, 2);
    var keyCount = scope.size(scores, 3);
    var first = scope.sub(keyCount, queryCount); // [1]: the key of the first query
    var keys = scope.range(keyCount, j); // [j]
    var own = scope.unsqueeze(scope.add(scope.range(queryCount, i), first), 1); // [i, 1]
    var counts = scope.and(scope.less(first, keys), scope.less(keys, own)); // [i, j]
    var firstHead = scope.widen(scope.squeeze(scope.slice(scores, 1, 0, 1), 1)); // [b, i, j]
    var factors = scope.cast(counts, scope.wideType());
    var gates = scope.mul(scope.relu(firstHead), factors); // [b, i, j]
    var before = scope.sumOfPreceding(gates, 1); // [b, i, j]
    return scope.sub(scope.widen(scores), scope.unsqueeze(before, 1));
  }
}
