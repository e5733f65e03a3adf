package ai.transonnx.xtransformers;

import ai.transonnx.attention.BucketBias;
import ai.transonnx.attention.DynamicBias;
import ai.transonnx.attention.LinearBias;
import ai.transonnx.attention.PositionBias;
import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
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
            defaultValue = "false")
        boolean dynamicPosBias,
    @Option(value = "the MLP takes the logarithm of the distance", defaultValue = "false")
        boolean dynamicPosBiasLogDistance,
    @Option(value = "number of hidden layers of the MLP", defaultValue = "2")
        int dynamicPosBiasMlpDepth,
    @Option(value = "apply layer norm in the MLP", defaultValue = "false")
        boolean dynamicPosBiasNorm,
    @Option(value = "ALiBi: scores decrease linearly with the distance", defaultValue = "false")
        boolean alibiPosBias,
    @Option(value = "number of heads with ALiBi (default: all)", defaultValue = "null")
        @Nullable Integer alibiNumHeads,
    @Option(value = "learned slopes of ALiBi", defaultValue = "false") boolean alibiLearned) {
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
  void check(int heads, int dim, boolean causal, int numMemKv) {
    if (relPosBias) {
      Ranges.checkInteger(
          "rel_pos_num_buckets", relPosNumBuckets, causal ? 2 : 4, relPosMaxDistance);
    } else if (dynamicPosBias) {
      Ranges.checkInteger("dim", dim, 4, Integer.MAX_VALUE);
      if (numMemKv > 0) {
        throw new ConfigException(
            "'attn_num_mem_kv' is %s; it must be 0 with 'dynamic_pos_bias', since memory keys have no position"
                .formatted(numMemKv));
      }
    } else if (alibiPosBias && alibiNumHeads != null) {
      Ranges.checkInteger("alibi_num_heads", alibiNumHeads, 1, heads);
    }
  }

  /** The bias, or null if there is none. */
  @Nullable PositionBias bias(int heads, int dim, int headDim, boolean causal) {
    if (relPosBias) {
      double scale = Math.sqrt(headDim);
      return new BucketBias(heads, causal, relPosNumBuckets, relPosMaxDistance, scale);
    }
    if (dynamicPosBias) {
      return new DynamicBias(
          heads, dim / 4, dynamicPosBiasMlpDepth, dynamicPosBiasLogDistance, dynamicPosBiasNorm);
    }
    if (alibiPosBias) {
      return new LinearBias(
          heads, alibiNumHeads == null ? heads : alibiNumHeads, alibiLearned, false);
    }
    return null;
  }
}
