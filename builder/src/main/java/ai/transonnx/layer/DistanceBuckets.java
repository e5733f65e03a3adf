package ai.transonnx.layer;

import ai.transonnx.graph.WeightExpression;
import java.util.stream.IntStream;

/**
 * T5's buckets of distances: near ones have their own, far ones share, evenly on a logarithmic
 * scale, and all from {@code maxDistance} on are one.
 *
 * <p>Immutable; threads may share it.
 *
 * @param causal whether only distances back count; else both directions have half of the buckets
 * @see <a href="https://arxiv.org/abs/1910.10683">Exploring the Limits of Transfer Learning</a>
 */
public record DistanceBuckets(boolean causal, int buckets, int maxDistance) {
  /**
   * The bucket of a key that stands {@code distance} positions before its query.
   *
   * <p>Computed in float32, as the libraries do, since rounding decides at the edges.
   */
  public int of(int distance) {
    if (causal) {
      return bucket(Math.max(distance, 0), buckets);
    }
    int half = buckets / 2;
    return bucket(Math.abs(distance), half) + (distance < 0 ? half : 0);
  }

  /**
   * The least distance of a table: all before it are alike, as all behind {@code maxDistance} are.
   */
  public int least() {
    return causal ? 0 : -maxDistance;
  }

  /**
   * What each distance from {@link #least} to {@code maxDistance} has.
   *
   * @param weight of each bucket: {@code [buckets, h]}
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
