package ai.transonnx.xtransformers;

import ai.transonnx.attention.BucketBias;
import ai.transonnx.attention.DynamicBias;
import ai.transonnx.attention.LinearBias;
import ai.transonnx.attention.PositionBias;
import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import org.jspecify.annotations.Nullable;

/** What is added to the scores for how far positions are apart. Of several, the first counts. */
public record BiasOptions(
    @Option(value = "T5's bias: one for each bucket of distances", defaultValue = "false")
        boolean relPosBias,
    @Option(value = "how many buckets rel_pos_bias has", defaultValue = "32") int relPosNumBuckets,
    @Option(value = "from here on, distances share a bucket of rel_pos_bias", defaultValue = "128")
        int relPosMaxDistance,
    @Option(value = "a network from distances to biases", defaultValue = "false")
        boolean dynamicPosBias,
    @Option(value = "the network sees logarithms of distances", defaultValue = "false")
        boolean dynamicPosBiasLogDistance,
    @Option(value = "hidden layers of the network", defaultValue = "2") int dynamicPosBiasMlpDepth,
    @Option(value = "normalize the network's features", defaultValue = "false")
        boolean dynamicPosBiasNorm,
    @Option(value = "ALiBi: scores fall with the distance", defaultValue = "false")
        boolean alibiPosBias,
    @Option(value = "how many heads have ALiBi (default: all)", defaultValue = "null")
        @Nullable Integer alibiNumHeads,
    @Option(value = "ALiBi's rates are learned", defaultValue = "false") boolean alibiLearned) {
  private static final int MOST_DISTANCE = 1 << 20;

  public BiasOptions {
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
    if (dynamicPosBias) {
      Ranges.checkInteger("dynamic_pos_bias_mlp_depth", dynamicPosBiasMlpDepth, 1, 1000);
    }
  }

  /** Checks what depends on the layers. */
  void check(int heads, int dim, boolean causal, int numMemKv) {
    if (relPosBias) {
      Ranges.checkInteger(
          "rel_pos_num_buckets", relPosNumBuckets, causal ? 2 : 4, relPosMaxDistance);
    } else if (dynamicPosBias) {
      Ranges.checkInteger("dim", dim, 4, Integer.MAX_VALUE);
      if (numMemKv > 0) {
        throw new ConfigException(
            "'attn_num_mem_kv' is %s; it must be 0 with 'dynamic_pos_bias', which knows no distance of keys that stand nowhere"
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
