package ai.transonnx.flash;

import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.DistanceBuckets;
import ai.transonnx.op.Scope;

/**
 * The library's {@code T5RelativePositionBias}, together with the causal mask: what follows a query
 * has a bias so low that every attention function makes nothing of it.
 *
 * @param scale what the learned biases are multiplied by
 */
record PositionBias(double scale, boolean causal) {
  private static final int BUCKETS = 32;
  private static final int MAX_DISTANCE = 128;
  private static final float MASKED = -1e30f;

  private int leastOffset() {
    return causal ? -1 : -MAX_DISTANCE;
  }

  /**
   * Where each pair of positions stands in {@link #of}'s table; the same for all layers.
   *
   * @param positions int64 {@code [n]}
   * @return int64 {@code [n, n]}: from query to key
   */
  Value offsets(Scope s, Value positions) {
    var offsets = s.sub(s.unsqueeze(positions, 1), s.unsqueeze(positions, 0)); // [n, n]
    var near = s.min(offsets, s.scalar((long) MAX_DISTANCE));
    var least = s.scalar((long) leastOffset());
    return s.sub(s.max(near, least), least);
  }

  /**
   * The bias of each pair of positions.
   *
   * @param scope where {@code relative_attention_bias.weight} is
   * @param offsets int64 {@code [i, j]}, of {@link #offsets}
   * @return {@code [i, j]}
   */
  Value of(Scope scope, Value offsets) {
    var stored = scope.child("relative_attention_bias").stored("weight", BUCKETS, 1);
    var buckets = new DistanceBuckets(causal, BUCKETS, MAX_DISTANCE);
    var biases = scope.parameter(buckets.byDistance(stored.times(scale))); // [offsets, 1]
    var table = scope.reshape(biases, Shape.of(MAX_DISTANCE - buckets.least() + 1L));
    if (causal) {
      var masked = scope.constant(Tensor.of(Shape.of(1), MASKED));
      table = scope.concat(0, masked, table);
    }
    return scope.gather(table, 0, offsets);
  }
}
