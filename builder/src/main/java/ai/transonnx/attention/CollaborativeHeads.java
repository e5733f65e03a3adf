package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Collaborative attention: all heads share the features of queries and keys, and each head weights
 * them differently.
 *
 * <p>Immutable; threads may share it.
 *
 * @param heads number of heads
 * @param features number of shared features
 * @see <a href="https://arxiv.org/abs/2006.16362">Multi-Head Attention: Collaborate Instead of
 *     Concatenate</a>
 */
public record CollaborativeHeads(int heads, long features) {
  /**
   * The queries of each head.
   *
   * @param q {@code [b, 1, i, d]}
   * @return {@code [b, h, i, d]}
   */
  Value of(Scope scope, Value q) {
    var mixing = scope.parameter("collab_mixing", heads, features); // [h, d]
    return scope.mul(q, scope.unsqueeze(mixing, 1));
  }
}
