package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Inverted attention: queries compete for keys. A softmax over queries is followed by a division of
 * each query's weights by their sum.
 *
 * <p>Immutable; threads may share it.
 *
 * @see <a href="https://openreview.net/forum?id=WgQZNoQ5AB">Inverted-Attention Transformers</a>
 */
public record InvertedSoftmax() implements ScoreTransform {
  private static final double EPSILON = 1e-8;

  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var byKey = scope.softmax(scope.transpose(scores, 0, 1, 3, 2)); // [b, h, j, i]
    var shares = visible(scope, scope.transpose(byKey, 0, 1, 3, 2), context.call().bias());
    var sums = scope.max(scope.keptSum(shares, 3), scope.scalar(EPSILON)); // [b, h, i, 1]
    return scope.div(shares, sums);
  }

  private static Value visible(Scope scope, Value shares, @Nullable ScoreBias bias) {
    return bias instanceof ScoreBias.Separate separate && separate.allowed() != null
        ? scope.where(separate.allowed(), shares, scope.scalar(0f))
        : shares;
  }
}
