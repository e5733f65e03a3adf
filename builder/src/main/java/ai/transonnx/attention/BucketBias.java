package ai.transonnx.attention;

import ai.transonnx.graph.Derivation;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.stream.IntStream;

/**
 * T5's relative position bias, x-transformers' {@code RelativePositionBias}: distances fall into
 * buckets, wider as they grow, and each bucket has a learned bias a head.
 *
 * @param causal whether keys behind the query share the bucket of distance 0
 * @param maxDistance all distances from here on share a bucket
 * @param scale a factor of the bias
 * @see <a href="https://arxiv.org/abs/1910.10683">Exploring the Limits of Transfer Learning</a>
 */
public record BucketBias(int heads, boolean causal, int buckets, int maxDistance, double scale)
    implements PositionBias {
  @Override
  public Value of(Scope scope, Positions positions) {
    Derivation weight =
        scope.child("relative_attention_bias").stored("weight", buckets, heads).times(scale);
    int least = causal ? 0 : -maxDistance;
    var buckets = IntStream.rangeClosed(least, maxDistance).mapToObj(d -> (long) bucket(d));
    var byDistance = new Derivation.Selected(weight, buckets.toList()); // [m, h]
    var clipped =
        scope.min(
            scope.max(positions.distances(), scope.scalar((long) least)),
            scope.scalar((long) maxDistance)); // [i, j]
    var rows = scope.sub(clipped, scope.scalar((long) least));
    return positions.lookUp(scope, scope.parameter(byDistance), rows); // [h, i, j]
  }

  /** The bucket of a distance, in float32 as the library computes it. */
  int bucket(int distance) {
    int first = !causal && distance < 0 ? buckets / 2 : 0;
    int count = causal ? buckets : buckets / 2;
    int n = causal ? Math.max(distance, 0) : Math.abs(distance);
    int exact = count / 2;
    if (n < exact) {
      return first + n;
    }
    float share =
        (float) Math.log((float) n / exact) / (float) Math.log((double) maxDistance / exact);
    return first + Math.min(exact + (int) (share * (count - exact)), count - 1);
  }
}
