package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.Attention;
import ai.transonnx.attention.Masking;
import ai.transonnx.attention.PositionBias;
import ai.transonnx.attention.Positions;
import ai.transonnx.attention.RotaryEmbedding;
import ai.transonnx.layer.FixedWaves;
import org.jspecify.annotations.Nullable;

/**
 * The self-attention and cross-attention of a layer stack. Immutable.
 *
 * @param heads the number of heads
 * @param parts the components of attention
 * @param maxPast the largest distance at which a query attends to an earlier key, or null
 * @param minPast the smallest distance at which a query attends to an earlier key, or null
 * @param bias the relative position bias of self-attention, or null
 * @param rotary the rotary position embedding of self-attention, or null
 * @param infused the sinusoidal embeddings that self-attention adds to the inputs of queries and
 *     keys, or null
 * @param masksQueries whether all keys are masked for padding queries; otherwise, the outputs at
 *     padding positions are set to zero
 * @param addsScores whether self-attention scores are added to those of the next layer
 * @param addsCrossScores whether cross-attention scores are added to those of the next layer
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
  /** Whether the visibility of a key depends on its distance from the query. */
  boolean limitsDistance() {
    return maxPast != null || minPast != null;
  }

  /** Masks keys that are too far from the query or too near. */
  void maskDistance(Masking masking, Positions positions) {
    if (maxPast != null) {
      masking.maxPast(positions, maxPast);
    }
    if (minPast != null) {
      masking.minPast(positions, minPast);
    }
  }

  /** The number of learned memory keys and values. */
  public int memoryKeys() {
    var memory = parts.memory();
    return memory == null ? 0 : memory.count();
  }
}
