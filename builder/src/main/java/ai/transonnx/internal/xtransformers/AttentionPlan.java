package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.Attention;
import ai.transonnx.attention.PolarEmbedding;
import ai.transonnx.attention.PositionBias;
import ai.transonnx.attention.RotaryEmbedding;
import ai.transonnx.attention.Rotation;
import ai.transonnx.layer.FixedWaves;
import org.jspecify.annotations.Nullable;

/**
 * The self-attention or the cross-attention of a layer stack. Immutable.
 *
 * @param heads the number of heads
 * @param parts the components of attention
 * @param distances the distances at which a query attends to keys
 * @param positions the positions that attention adds itself
 * @param padding the effect of padding masks
 * @param emptyRows the output of a query whose keys are all masked
 */
public record AttentionPlan(
    int heads,
    Attention parts,
    KeyDistances distances,
    Positions positions,
    PaddingRule padding,
    EmptyRows emptyRows) {
  /**
   * The positions of queries and keys, which only self-attention encodes. Immutable.
   *
   * @param bias the relative position bias, or null
   * @param rotary the rotary position embedding, or null
   * @param infused the sinusoidal embeddings that are added to the inputs of queries and keys, or
   *     null
   * @param polar the polar position embedding, or null
   * @param acceptsGiven whether a call may give positions
   */
  public record Positions(
      @Nullable PositionBias bias,
      @Nullable RotaryEmbedding rotary,
      @Nullable FixedWaves infused,
      @Nullable PolarEmbedding polar,
      boolean acceptsGiven) {
    /** No positions. */
    public static final Positions NONE = new Positions(null, null, null, null, false);
  }

  @Nullable PositionBias bias() {
    return positions.bias;
  }

  @Nullable RotaryEmbedding rotary() {
    return positions.rotary;
  }

  /**
   * This attention, with pairs of rotated features split into halves by the weights if the result
   * is the same: a rotation of halves takes fewer operators.
   */
  public AttentionPlan withRotationOfHalves() {
    var rotary = rotary();
    if (rotary == null
        || rotary.layout() == Rotation.Layout.HALVES
        || rotary.values() != RotaryEmbedding.RotatedValues.UNCHANGED
        || !parts.allowsAnyFeatureOrder()) {
      return this;
    }
    return new AttentionPlan(
        heads,
        parts.withSplitPairs(rotary.features()),
        distances,
        new Positions(
            positions.bias,
            rotary.ofHalves(),
            positions.infused,
            positions.polar,
            positions.acceptsGiven),
        padding,
        emptyRows);
  }

  /** The number of features of a head's keys, with their positions. */
  long keyFeatures() {
    return parts.inputs().key().headDim() * (positions.polar == null ? 1 : 2);
  }

  /** Whether scores are added to those of the next layer. */
  boolean addsScores() {
    return parts.scores().carried() != null;
  }

  /** Whether a cache may keep latent features in place of keys and values. */
  boolean canKeepLatents() {
    return parts.canKeepLatents(rotary() != null || positions.polar != null)
        && positions.polar == null;
  }

  boolean keysAreValues() {
    var rotary = rotary();
    return parts.keysAreValues(
        rotary != null && rotary.values() == RotaryEmbedding.RotatedValues.UNCHANGED);
  }

  /** The number of keys before those of the sequence: learned memory keys, and one of zeros. */
  public int memoryKeys() {
    return zeroKeys() + learnedKeys();
  }

  /** The number of learned memory keys. */
  int learnedKeys() {
    var memory = parts.inputs().memory();
    return memory == null ? 0 : memory.count();
  }

  /** The number of keys of zeros before all others, 0 or 1. */
  int zeroKeys() {
    return parts.inputs().zeroKey() ? 1 : 0;
  }

  /** The number of features from which keys and values are computed. */
  public long keyDim() {
    return parts.inputs().keyDim();
  }
}
