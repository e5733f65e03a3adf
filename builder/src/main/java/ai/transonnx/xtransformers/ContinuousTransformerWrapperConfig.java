package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.FailingFeature;
import ai.transonnx.internal.xtransformers.MemoryPlan;
import ai.transonnx.internal.xtransformers.Pooling;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.VectorPlan;
import ai.transonnx.layer.Linear;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code ContinuousTransformerWrapper}. Immutable. */
@Configuration
public record ContinuousTransformerWrapperConfig(
    @Option(
            value =
                "maximum sequence length; 0 is unlimited, unless positions have learned embeddings;"
                    + " required before 2.16.1",
            defaultValue = "null")
        @Nullable Integer maxSeqLen,
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
        boolean scaledSinuPosEmb,
    @Option(value = "length of the Transformer-XL memory", defaultValue = "0", since = "1.16.21")
        int maxMemLen,
    @Option(
            value = "number of learned memory tokens before the sequence",
            defaultValue = "null",
            since = "1.25.5")
        @Nullable Integer numMemoryTokens,
    @Option(
            value = "mean of the embeddings of all positions, in place of each of them",
            defaultValue = "false",
            since = "1.32.9")
        boolean averagePoolEmbed,
    @Option(
            value = "output the mean and the variance of a normal distribution",
            defaultValue = "false",
            since = "2.3.1")
        boolean probabilistic,
    @Option(
            value = "no projections where dimensions are equal",
            defaultValue = "false",
            since = "2.19.7")
        boolean useIdentityIfSameDim) {
  private static final int MAX = 1 << 24;

  public ContinuousTransformerWrapperConfig {
    if (maxSeqLen != null) {
      Ranges.checkInteger("max_seq_len", maxSeqLen, 0, MAX);
    }
    Ranges.checkInteger("max_mem_len", maxMemLen, 0, MAX);
    if (numMemoryTokens != null) {
      Ranges.checkInteger("num_memory_tokens", numMemoryTokens, 0, MAX);
    }
    Ranges.checkProbability("emb_dropout", embDropout);
    if (dimIn != null) {
      Ranges.checkInteger("dim_in", dimIn, 1, MAX);
    }
    if (dimOut != null) {
      Ranges.checkInteger("dim_out", dimOut, 1, MAX);
    }
  }

  /**
   * Checks these options against a release.
   *
   * @throws ConfigException if the release refuses a value
   */
  void check(Profile profile) {
    FailingFeature.VECTORS.check(profile.release(), "class", "ContinuousTransformerWrapper");
    if (maxMemLen > 0) {
      FailingFeature.MEMORIES.check(profile.release(), "max_mem_len", maxMemLen);
    }
    plan(profile);
  }

  /** The wrapper that these options describe. */
  VectorPlan plan(Profile profile) {
    int dim = attnLayers.dim();
    var wrappers = profile.wrappers();
    if (maxSeqLen == null && !wrappers.omitsVectorLength()) {
      throw new ConfigException("option 'max_seq_len' is missing");
    }
    int maxLength = maxSeqLen == null ? 0 : maxSeqLen;
    var positions = new WrapperPositions(maxLength, useAbsPosEmb, scaledSinuPosEmb, attnLayers);
    return new VectorPlan(
        attnLayers.plan(profile),
        maxLength,
        projection(dimIn, null, profile),
        positions.embedding(dim, false, profile),
        postEmbNorm ? profile.norms().layerNorm(dim) : null,
        MemoryPlan.of(numMemoryTokens, maxMemLen, 0, false),
        output(profile),
        wrappers.vectorInputs());
  }

  /** The projection of inputs of this dimension, or of outputs; null if there is none. */
  private @Nullable Linear projection(
      @Nullable Integer in, @Nullable Integer out, Profile profile) {
    int dim = attnLayers.dim();
    var features = in == null ? out : in;
    if (features == null || (useIdentityIfSameDim && features == dim)) {
      return null;
    }
    boolean biased = profile.wrappers().biasedProjections();
    return in == null ? new Linear(dim, features, biased) : new Linear(features, dim, biased);
  }

  private VectorPlan.Output output(Profile profile) {
    int dim = attnLayers.dim();
    var wrappers = profile.wrappers();
    if (averagePoolEmbed && !wrappers.poolsVectors()) {
      throw new ConfigException(
          "'average_pool_embed' is true; release %s of the library raises an error with it"
              .formatted(profile.release()));
    }
    Integer features = dimOut == null || !probabilistic ? dimOut : (Integer) (2 * dimOut);
    if (features == null && probabilistic && dim % 2 != 0) {
      throw new ConfigException(
          "'dim' is %s; with 'probabilistic' and without 'dim_out' it must be even".formatted(dim));
    }
    return new VectorPlan.Output(
        profile.norms().wrapperNorm(dim),
        averagePoolEmbed ? new Pooling.Mean() : new Pooling.None(),
        projection(null, features, profile),
        probabilistic ? wrappers.gaussianLoss() : null,
        wrappers.hasVectorLoss());
  }

  /** A builder with the library's defaults. */
  public static ContinuousTransformerWrapperConfigBuilder builder() {
    return new ContinuousTransformerWrapperConfigBuilder();
  }
}
