package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.layer.DistanceBuckets;
import ai.transonnx.op.Scope;

/**
 * T5's relative position bias, x-transformers' {@code RelativePositionBias}: distances are grouped
 * into buckets, which are wider for larger distances, and each bucket has a learned bias per head.
 *
 * <p>Immutable; threads may share it.
 *
 * @param heads number of heads
 * @param causal whether keys after the query share the bucket of distance 0
 * @param buckets number of buckets
 * @param maxDistance the distance from which on all keys share a bucket
 * @param scale a factor of the bias
 * @see <a href="https://arxiv.org/abs/1910.10683">Exploring the Limits of Transfer Learning</a>
 */
public record BucketBias(int heads, boolean causal, int buckets, int maxDistance, double scale)
    implements PositionBias {
  @Override
  public Value of(Scope scope, Positions positions) {
    WeightExpression weight =
        scope.child("relative_attention_bias").stored("weight", buckets, heads).times(scale);
    var distances = new DistanceBuckets(causal, buckets, maxDistance);
    var byDistance = scope.parameter(distances.byDistance(weight)); // [m, h]
    long least = distances.least();
    var clipped =
        scope.min(
            scope.max(positions.distances(), scope.scalar(least)),
            scope.scalar((long) maxDistance)); // [i, j]
    var rows = scope.sub(clipped, scope.scalar(least));
    return positions.lookUp(scope, byDistance, rows); // [h, i, j]
  }
}
