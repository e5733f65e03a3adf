package ai.transonnx.xtransformers;

import ai.transonnx.attention.BucketBias;
import ai.transonnx.attention.DynamicBias;
import ai.transonnx.attention.LinearBias;
import ai.transonnx.attention.PositionBias;
import ai.transonnx.attention.Slopes;
import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.PositionProfile;
import ai.transonnx.internal.xtransformers.Profile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of relative position biases, which are added to attention scores. If several are
 * enabled, the first one takes precedence. Immutable.
 */
public record BiasOptions(
    @Option(
            value = "T5 relative position bias, one value per bucket of distances",
            defaultValue = "false")
        boolean relPosBias,
    @Option(value = "number of buckets of rel_pos_bias", defaultValue = "32") int relPosNumBuckets,
    @Option(value = "distance from which on all share the last bucket", defaultValue = "128")
        int relPosMaxDistance,
    @Option(
            value = "dynamic position bias: an MLP maps distances to biases",
            defaultValue = "false",
            since = "0.25.0")
        boolean dynamicPosBias,
    @Option(
            value = "the MLP takes the logarithm of the distance",
            defaultValue = "false",
            since = "0.25.0")
        boolean dynamicPosBiasLogDistance,
    @Option(value = "number of hidden layers of the MLP", defaultValue = "2", since = "0.25.0")
        int dynamicPosBiasMlpDepth,
    @Option(value = "apply layer norm in the MLP", defaultValue = "false", since = "0.25.0")
        boolean dynamicPosBiasNorm,
    @Option(
            value = "ALiBi: scores decrease linearly with the distance",
            defaultValue = "false",
            since = "0.17.0")
        boolean alibiPosBias,
    @Option(
            value = "number of heads with ALiBi (default: all)",
            defaultValue = "null",
            since = "0.17.4")
        @Nullable Integer alibiNumHeads,
    @Option(
            value = "learned slopes of ALiBi",
            defaultValue = "false",
            since = "0.17.7",
            until = "1.17.3")
        boolean alibiLearned,
    @Option(
            value = "keyword arguments of the bias: slopes of ALiBi",
            defaultValue = "null",
            since = "1.42.9")
        @Nullable RelPosKeywords relPosKwargs) {
  private static final int MAX_DISTANCE = 1 << 20;

  public BiasOptions {
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
    if (dynamicPosBias) {
      Ranges.checkInteger("dynamic_pos_bias_mlp_depth", dynamicPosBiasMlpDepth, 1, 1000);
    }
  }

  /** Checks options that depend on other options of the layers. */
  void check(int heads, int dim, boolean causal) {
    keywords().check(heads, alibiPosBias && !relPosBias && !dynamicPosBias);
    if (relPosBias) {
      Ranges.checkInteger(
          "rel_pos_num_buckets", relPosNumBuckets, causal ? 2 : 4, relPosMaxDistance);
    } else if (dynamicPosBias) {
      Ranges.checkInteger("dim", dim, 4, Integer.MAX_VALUE);
    } else if (alibiPosBias && alibiNumHeads != null) {
      Ranges.checkInteger("alibi_num_heads", alibiNumHeads, 1, heads);
    }
  }

  /**
   * The bias, or null if there is none.
   *
   * @throws ConfigException if the release refuses an option
   */
  @Nullable PositionBias bias(
      int heads, int dim, boolean causal, AttentionOptions attention, Profile profile) {
    var bias = bias(heads, dim, attention.dimHead(), causal, profile.positions());
    if (bias == null) {
      return null;
    }
    int memoryKeys = attention.numMemKv();
    if (dynamicPosBias && memoryKeys > 0 && !profile.positions().dynamicBiasAllowsMemory()) {
      throw new ConfigException(
          "'attn_num_mem_kv' is %s; it must be 0 with 'dynamic_pos_bias', since memory keys have no position"
              .formatted(memoryKeys));
    }
    return profile.positions().withMemories(bias, memoryKeys, attention.keyValues().zeroKeys());
  }

  private @Nullable PositionBias bias(
      int heads, int dim, int headDim, boolean causal, PositionProfile profile) {
    if (relPosBias) {
      double scale = Math.sqrt(headDim);
      return new BucketBias(heads, causal, relPosNumBuckets, relPosMaxDistance, scale);
    }
    if (dynamicPosBias) {
      int hidden = dim / 4;
      return new DynamicBias(
          heads,
          hidden,
          dynamicPosBiasMlpDepth,
          dynamicPosBiasLogDistance,
          profile.dynamicActivation(),
          dynamicPosBiasNorm ? profile.dynamicNorms(hidden, dynamicPosBiasMlpDepth) : List.of());
    }
    if (!alibiPosBias) {
      return null;
    }
    if (!causal && !profile.alibiLooksAhead()) {
      throw new ConfigException(
          "'alibi_pos_bias' is true; it must be false if attention is not causal");
    }
    return new LinearBias(heads, slopes(alibiNumHeads == null ? heads : alibiNumHeads, profile));
  }

  private Slopes slopes(int biasedHeads, PositionProfile profile) {
    if (alibiLearned) {
      return new Slopes.Learned(biasedHeads, profile.slopesBySequence());
    }
    return keywords()
        .slopes()
        .<Slopes>map(Slopes.Given::new)
        .orElse(Slopes.Given.series(biasedHeads));
  }

  private RelPosKeywords keywords() {
    return relPosKwargs == null ? RelPosKeywords.DEFAULTS : relPosKwargs;
  }
}
