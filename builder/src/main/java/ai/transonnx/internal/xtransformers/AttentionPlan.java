package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.Attention;
import ai.transonnx.attention.Masking;
import ai.transonnx.attention.PositionBias;
import ai.transonnx.attention.Positions;
import ai.transonnx.attention.RotaryEmbedding;
import ai.transonnx.layer.FixedWaves;
import org.jspecify.annotations.Nullable;

/**
 * How the layers of a stack attend: to their own sequence, and to a context.
 *
 * @param parts what attention is composed of
 * @param maxPast how far before it a query sees keys, or null
 * @param minPast how far before it a query sees keys at the nearest, or null
 * @param bias for how far positions of the own sequence are apart, or null
 * @param rotary how positions of the own sequence are rotated, or null
 * @param infused waves that are added to what queries and keys of the own sequence are made of, or
 *     null
 * @param masksQueries whether padding sees nothing; else its outcome is zero
 * @param addsScores whether scores are added to the next layer's
 * @param addsCrossScores whether scores of the context are
 */
public record AttentionPlan(
    int heads,
    Attention parts,
    @Nullable Integer maxPast,
    @Nullable Integer minPast,
    @Nullable PositionBias bias,
    @Nullable RotaryEmbedding rotary,
    @Nullable FixedWaves infused,
    boolean masksQueries,
    boolean addsScores,
    boolean addsCrossScores) {
  /** Whether a query sees some keys alone by how far they are before it. */
  boolean limitsPast() {
    return maxPast != null || minPast != null;
  }

  /** Hides keys that are too far before the query, or too near. */
  void hidePast(Masking masking, Positions positions) {
    if (maxPast != null) {
      masking.maxPast(positions, maxPast);
    }
    if (minPast != null) {
      masking.minPast(positions, minPast);
    }
  }

  /** How many keys and values are weights. */
  public int weights() {
    var memory = parts.memory();
    return memory == null ? 0 : memory.count();
  }
}
