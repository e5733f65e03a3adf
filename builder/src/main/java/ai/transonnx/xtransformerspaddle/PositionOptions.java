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

/** How attention knows positions. */
public record PositionOptions(
    @Option(value = "ALiBi: scores fall with the distance", defaultValue = "false")
        boolean alibiPosBias,
    @Option(value = "how many heads have it (default: all)", defaultValue = "null")
        @Nullable Integer alibiNumHeads,
    @Option(value = "its rates are learned", defaultValue = "false") boolean alibiLearned,
    @Option(value = "T5's buckets of distances", defaultValue = "false") boolean relPosBias,
    @Option(value = "how many buckets", defaultValue = "32") int relPosNumBuckets,
    @Option(value = "from here on, distances share a bucket", defaultValue = "128")
        int relPosMaxDistance,
    @Option(value = "sines are added to what queries and keys are made of", defaultValue = "false")
        boolean positionInfusedAttn,
    @Option(value = "rotate by the position", defaultValue = "false") boolean rotaryPosEmb,
    @Option(value = "features that are rotated, at least 32", defaultValue = "null")
        @Nullable Integer rotaryEmbDim) {
  private static final int MOST_DISTANCE = 1 << 20;
  private static final int LEAST_ROTATED = 32;

  public PositionOptions {
    if (alibiPosBias && relPosBias) {
      throw new ConfigException(
          "'alibi_pos_bias' and 'rel_pos_bias' are both true; at most one of them can be");
    }
    Ranges.checkInteger("rel_pos_max_distance", relPosMaxDistance, 1, MOST_DISTANCE);
    if (relPosNumBuckets > relPosMaxDistance) {
      throw new ConfigException(
          "'rel_pos_num_buckets' is %s; it must be at most 'rel_pos_max_distance', which is %s"
              .formatted(relPosNumBuckets, relPosMaxDistance));
    }
    if (rotaryEmbDim != null) {
      Ranges.checkInteger("rotary_emb_dim", rotaryEmbDim, 0, 1 << 16);
    }
  }

  /** Checks what depends on layers of which some attend to their own sequence. */
  void check(int dim, int heads, boolean causal, AttentionOptions attention) {
    if (relPosBias) {
      Ranges.checkInteger(
          "rel_pos_num_buckets", relPosNumBuckets, causal ? 2 : 4, relPosMaxDistance);
    }
    if (positionInfusedAttn && dim % 2 != 0) {
      throw new ConfigException(
          "'dim' is %s; with 'position_infused_attn' it must be an even number".formatted(dim));
    }
    long least = Math.min(attention.keyFeatures(heads), attention.dimHead());
    long rotated = rotated(attention.dimHead());
    if (rotaryPosEmb && rotated > least) {
      throw new ConfigException(
          "'attn_dim_head' is %s; heads have at least %s features with 'rotary_pos_emb', which rotates %s"
              .formatted(attention.dimHead(), rotated, rotated));
    }
  }

  /** Checks layers of which none attends to its own sequence: the library rotates nothing else. */
  void checkNotRotary() {
    if (rotaryPosEmb) {
      throw ConfigException.notAllowed(
          "rotary_pos_emb", true, "false where no layer attends to its own sequence");
    }
  }

  /** Checks what the library checks for all layers. */
  void checkAlibi(int heads, boolean causal) {
    if (!alibiPosBias) {
      return;
    }
    if (!causal) {
      throw new ConfigException(
          "'alibi_pos_bias' is true; it must be false where attention goes in both directions");
    }
    if (alibiNumHeads != null) {
      Ranges.checkInteger("alibi_num_heads", alibiNumHeads, 1, heads);
    }
  }

  /** Whether the layers know positions by themselves, so that wrappers add none. */
  boolean isKnown() {
    return positionInfusedAttn || relPosBias || rotaryPosEmb;
  }

  /**
   * The bias, or null if there is none. ALiBi is the library's but for a number a query: there,
   * scores rise with the key's position, counted from the first.
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

  /** The rotation of heads of this size, or null if there is none. */
  @Nullable RotaryEmbedding rotary(int headDim) {
    return rotaryPosEmb ? new RotaryEmbedding(rotaryDim(headDim), null) : null;
  }

  /** The sines of positions of this many features, or null if there are none. */
  @Nullable FixedWaves infused(int dim) {
    return positionInfusedAttn ? new FixedWaves(dim) : null;
  }

  private long rotated(int headDim) {
    return new RotaryEmbedding(rotaryDim(headDim), null).features();
  }

  private long rotaryDim(int headDim) {
    return Math.max(rotaryEmbDim == null ? headDim / 2 : rotaryEmbDim, LEAST_ROTATED);
  }
}
