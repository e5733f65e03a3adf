package ai.transonnx.layer;

import ai.transonnx.graph.WeightExpression;
import java.util.stream.IntStream;

/**
 * T5's buckets of relative positions. Each small distance has a bucket of its own; larger distances
 * share buckets of equal width on a logarithmic scale; all distances from {@code maxDistance} on
 * share the last one.
 *
 * <p>Immutable; threads may share it.
 *
 * @param causal whether only earlier keys have distances; otherwise each direction has half of the
 *     buckets
 * @param buckets number of buckets
 * @param maxDistance the distance from which on all keys share a bucket
 * @see <a href="https://arxiv.org/abs/1910.10683">Exploring the Limits of Transfer Learning</a>
 */
public record DistanceBuckets(boolean causal, int buckets, int maxDistance) {
  /**
   * The bucket of a key that is {@code distance} positions before its query.
   *
   * <p>Computed in float32, as in the libraries, since rounding decides the bucket of distances at
   * a boundary.
   */
  public int of(int distance) {
    if (causal) {
      return bucket(Math.max(distance, 0), buckets);
    }
    int half = buckets / 2;
    return bucket(Math.abs(distance), half) + (distance < 0 ? half : 0);
  }

  /**
   * The least distance of {@link #byDistance}: all lesser distances share its bucket, as all
   * greater than {@code maxDistance} share the bucket of {@code maxDistance}.
   */
  public int least() {
    return causal ? 0 : -maxDistance;
  }

  /**
   * The weights of each distance from {@link #least} to {@code maxDistance}.
   *
   * @param weight the weights of each bucket: {@code [buckets, h]}
   * @return {@code [maxDistance - least + 1, h]}
   */
  public WeightExpression byDistance(WeightExpression weight) {
    var rows = IntStream.rangeClosed(least(), maxDistance).mapToObj(i -> (long) of(i));
    return new WeightExpression.Selected(weight, rows.toList());
  }

  private int bucket(int distance, int count) {
    int exact = count / 2;
    if (distance < exact) {
      return distance;
    }
    float octaves = (float) Math.log((float) distance / exact);
    float all = (float) Math.log((double) maxDistance / exact);
    int shared = (int) (octaves / all * (count - exact));
    return Math.min(exact + shared, count - 1);
  }
}
