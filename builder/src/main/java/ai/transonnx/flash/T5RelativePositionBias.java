package ai.transonnx.flash;

import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.DistanceBuckets;
import ai.transonnx.op.Scope;

/**
 * The library's {@code T5RelativePositionBias}, combined with the causal mask: the bias of later
 * keys is so low that both attention functions return 0.
 *
 * @param scale the factor of the learned biases
 */
record T5RelativePositionBias(double scale, boolean causal) {
  private static final int BUCKETS = 32;
  private static final int MAX_DISTANCE = 128;
  private static final double MASKED = -1e30;

  private int minOffset() {
    return causal ? -1 : -MAX_DISTANCE;
  }

  /**
   * Computes the index of each pair of positions in the table of {@link #of}. All layers share it.
   *
   * @param positions int64 {@code [n]}
   * @return the indices, by query and key: int64 {@code [n, n]}
   */
  Value offsets(Scope s, Value positions) {
    var offsets = s.sub(s.unsqueeze(positions, 1), s.unsqueeze(positions, 0)); // [n, n]
    var capped = s.min(offsets, s.scalar((long) MAX_DISTANCE));
    var minimum = s.scalar((long) minOffset());
    return s.sub(s.max(capped, minimum), minimum);
  }

  /**
   * Looks up the bias of each pair of positions.
   *
   * @param scope the parent scope of {@code relative_attention_bias.weight}
   * @param offsets indices from {@link #offsets}: int64 {@code [i, j]}
   * @return {@code [i, j]}
   */
  Value of(Scope scope, Value offsets) {
    var stored = scope.child("relative_attention_bias").stored("weight", BUCKETS, 1);
    var buckets = new DistanceBuckets(causal, BUCKETS, MAX_DISTANCE);
    var biases = scope.parameter(buckets.byDistance(stored.times(scale))); // [offsets, 1]
    var table = scope.reshape(biases, Shape.of(MAX_DISTANCE - buckets.least() + 1L));
    if (causal) {
      var masked = scope.constant(Shape.of(1), MASKED);
      table = scope.concat(0, masked, table);
    }
    return scope.gather(table, 0, offsets);
  }
}
