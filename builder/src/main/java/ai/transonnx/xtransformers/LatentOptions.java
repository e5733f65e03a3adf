package ai.transonnx.xtransformers;

import ai.transonnx.attention.HeadProjection;
import ai.transonnx.attention.Latents;
import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import org.jspecify.annotations.Nullable;

/** The options of latent queries, keys and values. Immutable. */
public record LatentOptions(
    @Option(
            value = "compute queries from latent features (multi-head latent attention)",
            defaultValue = "false",
            since = "1.44.8")
        boolean useLatentQ,
    @Option(value = "number of latent features of queries", defaultValue = "null", since = "1.44.8")
        @Nullable Integer dimLatentQ,
    @Option(
            value = "compute keys and values from latent features",
            defaultValue = "false",
            since = "1.44.8")
        boolean useLatentKv,
    @Option(
            value = "number of latent features of keys and values",
            defaultValue = "null",
            since = "1.44.8")
        @Nullable Integer dimLatentKv,
    @Option(
            value =
                "number of heads, the last ones, with rotary embeddings and keys of the input"
                    + " itself",
            defaultValue = "null",
            since = "1.44.8")
        @Nullable Integer latentRopeSubheads) {
  private static final int MAX = 1 << 24;

  public LatentOptions {
    check("use_latent_q", useLatentQ, "dim_latent_q", dimLatentQ);
    check("use_latent_kv", useLatentKv, "dim_latent_kv", dimLatentKv);
    if (latentRopeSubheads != null && !useLatentKv) {
      throw new ConfigException(
          "'latent_rope_subheads' is %s; it needs 'use_latent_kv'".formatted(latentRopeSubheads));
    }
  }

  private static void check(String flag, boolean isUsed, String key, @Nullable Integer features) {
    if (isUsed && features == null) {
      throw new ConfigException("'%s' is true; it needs '%s'".formatted(flag, key));
    }
    if (features != null) {
      Ranges.checkInteger(key, features, 1, MAX);
    }
  }

  /** Checks options that depend on the number of heads. */
  void check(int heads, int keyHeads) {
    if (latentRopeSubheads == null) {
      return;
    }
    Ranges.checkInteger("attn_latent_rope_subheads", latentRopeSubheads, 1, heads - 1);
    if (keyHeads < heads) {
      throw new ConfigException(
          "'attn_latent_rope_subheads' is %s; it must be null with fewer key heads than query heads"
              .formatted(latentRopeSubheads));
    }
  }

  /** The number of heads whose keys are computed from the input itself. */
  int rotatedHeads() {
    return latentRopeSubheads == null ? 0 : latentRopeSubheads;
  }

  /** The latent features, or null. */
  @Nullable Latents latents(long dim, long headDim) {
    if (!useLatentQ && !useLatentKv) {
      return null;
    }
    return new Latents(
        dim,
        useLatentQ ? dimLatentQ : null,
        useLatentKv ? dimLatentKv : null,
        latentRopeSubheads == null
            ? null
            : new HeadProjection("to_rotateable_k", dim, latentRopeSubheads, headDim, 1));
  }

  /** The number of features that queries are computed from. */
  long queryDim(long dim) {
    return useLatentQ && dimLatentQ != null ? dimLatentQ : dim;
  }

  /** The number of features that keys and values are computed from. */
  long keyDim(long dim) {
    return useLatentKv && dimLatentKv != null ? dimLatentKv : dim;
  }
}
