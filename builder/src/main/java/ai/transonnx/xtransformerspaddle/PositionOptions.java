package ai.transonnx.xtransformerspaddle;

import ai.transonnx.attention.BucketBias;
import ai.transonnx.attention.LinearBias;
import ai.transonnx.attention.PositionBias;
import ai.transonnx.attention.RotaryEmbedding;
import ai.transonnx.attention.UnalignedBias;
import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.layer.FixedWaves;
import org.jspecify.annotations.Nullable;

/** The options that encode positions in attention. Immutable. */
public record PositionOptions(
    @Option(value = "ALiBi: scores depend linearly on the key's position", defaultValue = "false")
        boolean alibiPosBias,
    @Option(value = "number of heads with ALiBi (default: all)", defaultValue = "null")
        @Nullable Integer alibiNumHeads,
    @Option(value = "learned slopes of ALiBi", defaultValue = "false") boolean alibiLearned,
    @Option(
            value = "T5 relative position bias, one value per bucket of distances",
            defaultValue = "false")
        boolean relPosBias,
    @Option(value = "number of buckets of rel_pos_bias", defaultValue = "32") int relPosNumBuckets,
    @Option(value = "distance from which on all share the last bucket", defaultValue = "128")
        int relPosMaxDistance,
    @Option(
            value = "add sinusoidal embeddings to the inputs of queries and keys",
            defaultValue = "false")
        boolean positionInfusedAttn,
    @Option(value = "rotary position embeddings (RoPE)", defaultValue = "false")
        boolean rotaryPosEmb,
    @Option(value = "number of rotated features, at least 32", defaultValue = "null")
        @Nullable Integer rotaryEmbDim) {
  private static final int MAX_DISTANCE = 1 << 20;
  private static final int MIN_ROTARY_DIM = 32;

  public PositionOptions {
    if (alibiPosBias && relPosBias) {
      throw new ConfigException(
          "'alibi_pos_bias' and 'rel_pos_bias' are both true; set at most one of them");
    }
    Ranges.checkInteger("rel_pos_max_distance", relPosMaxDistance, 1, MAX_DISTANCE);
    if (relPosNumBuckets > relPosMaxDistance) {
      throw new ConfigException(
          "'rel_pos_num_buckets' is %s; it must be at most 'rel_pos_max_distance', which is %s"
              .formatted(relPosNumBuckets, relPosMaxDistance));
    }
    if (rotaryEmbDim != null) {
      Ranges.checkInteger("rotary_emb_dim", rotaryEmbDim, 0, 1 << 16);
    }
  }

  /** Checks options of layers with self-attention. */
  void check(int dim, int heads, boolean causal, AttentionOptions attention) {
    if (relPosBias) {
      Ranges.checkInteger(
          "rel_pos_num_buckets", relPosNumBuckets, causal ? 2 : 4, relPosMaxDistance);
    }
    if (positionInfusedAttn && dim % 2 != 0) {
      throw new ConfigException(
          "'dim' is %s; with 'position_infused_attn' it must be even".formatted(dim));
    }
    long least = Math.min(attention.keyFeatures(heads), attention.dimHead());
    long rotated = rotated(attention.dimHead());
    if (rotaryPosEmb && rotated > least) {
      throw new ConfigException(
          "'attn_dim_head' is %s; with 'rotary_pos_emb', heads must have at least %s features, all of which are rotated"
              .formatted(attention.dimHead(), rotated));
    }
  }

  /** Checks layers without self-attention, since the library rotates nothing else. */
  void checkNotRotary() {
    if (rotaryPosEmb) {
      throw ConfigException.notAllowed(
          "rotary_pos_emb", true, "false if no layer has self-attention");
    }
  }

  /** Checks ALiBi, as the library does even for layers without self-attention. */
  void checkAlibi(int heads, boolean causal) {
    if (!alibiPosBias) {
      return;
    }
    if (!causal) {
      throw new ConfigException(
          "'alibi_pos_bias' is true; it must be false if attention is not causal");
    }
    if (alibiNumHeads != null) {
      Ranges.checkInteger("alibi_num_heads", alibiNumHeads, 1, heads);
    }
  }

  /** Whether the layers encode positions themselves, so that wrappers add no embeddings of them. */
  boolean encodesPositions() {
    return positionInfusedAttn || relPosBias || rotaryPosEmb;
  }

  /**
   * The bias, or null if none is enabled. In the library, ALiBi increases with the key's absolute
   * position; it differs from this bias only by a constant per query, which softmax cancels.
   */
  @Nullable PositionBias bias(int heads, int headDim, boolean causal) {
    if (relPosBias) {
      double scale = Math.sqrt(headDim);
      return new UnalignedBias(
          new BucketBias(heads, causal, relPosNumBuckets, relPosMaxDistance, scale));
    }
    if (alibiPosBias) {
      return new LinearBias(
          heads, alibiNumHeads == null ? heads : alibiNumHeads, alibiLearned, true);
    }
    return null;
  }

  /** The rotary embedding for this head dimension, or null if it is not enabled. */
  @Nullable RotaryEmbedding rotary(int headDim) {
    return rotaryPosEmb ? new RotaryEmbedding(rotaryDim(headDim), null) : null;
  }

  /** The sinusoidal embeddings for this model dimension, or null if they are not enabled. */
  @Nullable FixedWaves infused(int dim) {
    return positionInfusedAttn ? new FixedWaves(dim) : null;
  }

  private long rotated(int headDim) {
    return new RotaryEmbedding(rotaryDim(headDim), null).features();
  }

  private long rotaryDim(int headDim) {
    return Math.max(rotaryEmbDim == null ? headDim / 2 : rotaryEmbDim, MIN_ROTARY_DIM);
  }
}
