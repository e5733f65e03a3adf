package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The step from scores to attention weights. Immutable; threads may share it.
 *
 * @param function turns a query's scores into attention weights, usually a softmax
 * @param signed whether weights are of absolute scores, and have the signs of the scores; see <a
 *     href="https://openreview.net/forum?id=ezRrwwbxd0">Cog Attention</a>
 * @param sinkHeads the number of heads, each of which has a learned score that precedes those of
 *     all keys and whose weight is dropped; null without
 */
public record Normalization(ScoreTransform function, boolean signed, @Nullable Integer sinkHeads) {
  /** Unsigned weights of the keys alone. */
  public static Normalization of(ScoreTransform function) {
    return new Normalization(function, false, null);
  }

  boolean isPlain() {
    return function instanceof Softmax && !signed && sinkHeads == null;
  }

  /**
   * Computes attention weights.
   *
   * @param scores masked scores, absolute if weights are signed: {@code [b, h, i, j]}
   * @param signs the signs of the scores; null if weights are not signed
   * @return {@code [b, h, i, j]}, or {@code [b, h, i, 1 + j]} with a learned score
   */
  Value of(Scope scope, Value scores, @Nullable Value signs, ScoreContext context) {
    var sink = sinkHeads == null ? null : sink(scope, sinkHeads, scores);
    var all = sink == null ? scores : joined(scope, signs == null ? sink : scope.abs(sink), scores);
    var weights = function.of(scope, all, context);
    if (signs == null) {
      return weights;
    }
    return scope.mul(
        weights, sink == null ? signs : joined(scope, scope.sign(sink), scope.widen(signs)));
  }

  /** Drops the weight of the learned score. */
  Value ofKeys(Scope scope, Value weights) {
    return sinkHeads == null
        ? weights
        : scope.slice(weights, 3, scope.vector(1), scope.size(weights, 3), weights.dim(3).plus(-1));
  }

  private static Value sink(Scope scope, int heads, Value scores) {
    var learned = scope.child("attend").parameter("head_attn_sink", heads); // [h]
    var byHead = scope.reshape(learned, Shape.of(1, heads, 1, 1));
    var sizes = scope.concat(0, scope.sizes(scores, 0, 3), scope.vector(1));
    return scope.expand(byHead, sizes, scores.shape().withLast(Dim.of(1))); // [b, h, i, 1]
  }

  private static Value joined(Scope scope, Value sink, Value scores) {
    return scope.concat(3, sink, scores); // [b, h, i, 1 + j]
  }
}
