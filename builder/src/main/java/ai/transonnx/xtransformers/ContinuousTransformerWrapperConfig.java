package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.VectorPlan;
import ai.transonnx.layer.Linear;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code ContinuousTransformerWrapper}. Immutable. */
@Configuration
public record ContinuousTransformerWrapperConfig(
    @Option("maximum sequence length; 0 is unlimited, unless positions have learned embeddings")
        int maxSeqLen,
    @Option("attention layers") AttentionLayersConfig attnLayers,
    @Option(value = "input dimension (default: dim)", defaultValue = "null")
        @Nullable Integer dimIn,
    @Option(value = "output dimension (default: dim)", defaultValue = "null")
        @Nullable Integer dimOut,
    @Option(value = "ignored, as in the library", defaultValue = "null", until = "2.16.0")
        @Nullable Integer embDim,
    @Option(
            value = "apply layer norm after the embeddings",
            defaultValue = "false",
            since = "0.29.1")
        boolean postEmbNorm,
    @Option(value = "dropout of the embeddings", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(
            value = "add absolute position embeddings, unless the layers encode positions",
            defaultValue = "true",
            former = "use_pos_emb",
            renamed = "0.25.8")
        boolean useAbsPosEmb,
    @Option(
            value = "sinusoidal position embeddings with a learned scale",
            defaultValue = "false",
            since = "1.6.2")
        boolean scaledSinuPosEmb) {
  private static final int MAX = 1 << 24;

  public ContinuousTransformerWrapperConfig {
    Ranges.checkInteger("max_seq_len", maxSeqLen, 0, MAX);
    Ranges.checkProbability("emb_dropout", embDropout);
    if (dimIn != null) {
      Ranges.checkInteger("dim_in", dimIn, 1, MAX);
    }
    if (dimOut != null) {
      Ranges.checkInteger("dim_out", dimOut, 1, MAX);
    }
    boolean sines = scaledSinuPosEmb && useAbsPosEmb && !attnLayers.encodesPositions();
    if (sines && attnLayers.dim() % 2 != 0) {
      throw new ConfigException(
          "'dim' is %s; with 'scaled_sinu_pos_emb' it must be even".formatted(attnLayers.dim()));
    }
  }

  /**
   * Checks these options against a release.
   *
   * @throws ConfigException if the release refuses a value
   */
  void check(Profile profile) {
    plan(profile);
  }

  /** The wrapper that these options describe. */
  VectorPlan plan(Profile profile) {
    int dim = attnLayers.dim();
    var positions = new WrapperPositions(maxSeqLen, useAbsPosEmb, scaledSinuPosEmb, attnLayers);
    boolean biased = profile.wrappers().biasedProjections();
    return new VectorPlan(
        attnLayers.plan(profile),
        maxSeqLen,
        dimIn == null ? null : new Linear(dimIn, dim, biased),
        dimOut == null ? null : new Linear(dim, dimOut, biased),
        positions.embedding(dim, false, profile),
        postEmbNorm ? profile.norms().layerNorm(dim) : null,
        profile.norms().wrapperNorm(dim),
        profile.wrappers().vectorInputs(),
        profile.wrappers().hasVectorLoss());
  }

  /** A builder with the library's defaults. */
  public static ContinuousTransformerWrapperConfigBuilder builder() {
    return new ContinuousTransformerWrapperConfigBuilder();
  }
}
