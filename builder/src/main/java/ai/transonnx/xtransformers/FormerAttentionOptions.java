package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import org.jspecify.annotations.Nullable;

/** The options of attention that only early releases have. Immutable. */
public record FormerAttentionOptions(
    @Option(
            value = "collaborative heads: share query and key projections",
            defaultValue = "false",
            until = "0.25.9")
        boolean collabHeads,
    @Option(
            value = "shared key dimension as a fraction of all heads' dimensions",
            defaultValue = "0.3",
            until = "0.25.9")
        double collabCompression,
    @Option(value = "1.5-entmax instead of softmax", defaultValue = "false", until = "1.0.3")
        boolean useEntmax15,
    @Option(
            value = "initial logarithm of the temperature",
            defaultValue = "null",
            trainingOnly = true,
            since = "0.21.0",
            until = "0.29.2")
        @Nullable Double scaleInitValue,
    @Option(
            value =
                "add the difference of the first layer's values and a layer's own to its output"
                    + " (NeuTRENO)",
            defaultValue = "false",
            since = "1.40.9",
            until = "1.44.7")
        boolean neutrenoValueResidual,
    @Option(
            value = "factor of the difference of neutreno_value_residual",
            defaultValue = "0.4",
            since = "1.40.9",
            until = "1.44.7")
        double neutrenoAlpha,
    @Option(
            value = "number of heads, the last ones, with rotary embeddings (default: all)",
            defaultValue = "null",
            since = "2.0.0",
            until = "2.0.1")
        @Nullable Integer rotateNumHeads) {
  public FormerAttentionOptions {
    Ranges.checkFinite("collab_compression", collabCompression);
    Ranges.checkFinite("neutreno_alpha", neutrenoAlpha);
  }

  /** Checks options that depend on other options of attention. */
  void check(int heads, int dimHead, int numMemKv) {
    if (!collabHeads) {
      return;
    }
    long all = (long) dimHead * heads;
    long features = sharedFeatures(all);
    if (features < 1 || features > 1 << 28) {
      throw new ConfigException(
          "'attn_collab_compression' is %s; it would leave %s of %s features"
              .formatted(collabCompression, features, all));
    }
    if (numMemKv > 0 && (heads > 1 || features != dimHead)) {
      throw new ConfigException(
          "'attn_num_mem_kv' is %s; it must be 0 with 'attn_collab_heads', since each head has its own memory keys and values"
              .formatted(numMemKv));
    }
  }

  /** The dimension of shared queries and keys, of that of all heads. */
  long sharedFeatures(long all) {
    return (long) (collabCompression * all);
  }
}
