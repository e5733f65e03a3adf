package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Scores that are negative squared distances of queries and keys, {@code l2_distance}.
 *
 * <p>Immutable; threads may share it.
 *
 * @param scale a factor of the scores
 * @see <a href="https://arxiv.org/abs/2006.04710">The Lipschitz constant of self-attention</a>
 */
public record SquaredDistance(double scale) {
  /**
   * Computes the scores.
   *
   * @param q {@code [b, h, i, d]}
   * @param k {@code [b, g, j, d]}
   * @param products the products of queries and keys: {@code [b, h, i, j]}
   * @param groups the heads of queries that share heads of keys
   * @return {@code [b, h, i, j]}
   */
  Value of(Scope scope, Value q, Value k, Value products, HeadGroups groups) {
    var ofQueries = squares(scope, q); // [b, h, i, 1]
    var ofKeys =
        groups.tiled(scope, scope.transpose(squares(scope, k), 0, 1, 3, 2)); // [b, h, 1, j]
    var sums = scope.add(ofQueries, ofKeys); // [b, h, i, j]
    var distances = scope.relu(scope.sub(sums, scope.mul(products, scope.scalar(2f))));
    return scope.mul(distances, scope.scalar(-scale));
  }

  private static Value squares(Scope scope, Value x) {
    return scope.keptSum(scope.mul(x, x), 3); // [b, h, n, 1]
  }
}
