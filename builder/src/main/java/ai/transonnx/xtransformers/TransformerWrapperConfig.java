package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.PositionEmbedding;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.TokenPlan;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code TransformerWrapper}. Immutable. */
@Configuration
public record TransformerWrapperConfig(
    @Option("vocabulary size") int numTokens,
    @Option("maximum sequence length; 0 is unlimited, unless positions have learned embeddings")
        int maxSeqLen,
    @Option("attention layers") AttentionLayersConfig attnLayers,
    @Option(value = "embedding dimension (default: dim)", defaultValue = "null")
        @Nullable Integer embDim,
    @Option(value = "maximum length of the Transformer-XL memory", defaultValue = "0")
        int maxMemLen,
    @Option(value = "number of layers by which memories are shifted down", defaultValue = "0")
        int shiftMemDown,
    @Option(value = "dropout of the embeddings", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(value = "apply layer norm after the embeddings", defaultValue = "false")
        boolean postEmbNorm,
    @Option(value = "number of learned memory tokens before the sequence", defaultValue = "null")
        @Nullable Integer numMemoryTokens,
    @Option(value = "use the token embeddings as output projection", defaultValue = "false")
        boolean tieEmbedding,
    @Option(value = "number of logits (default: num_tokens)", defaultValue = "null")
        @Nullable Integer logitsDim,
    @Option(
            value = "add absolute position embeddings, unless the layers encode positions",
            defaultValue = "true")
        boolean useAbsPosEmb,
    @Option(value = "sinusoidal position embeddings with a learned scale", defaultValue = "false")
        boolean scaledSinuPosEmb,
    @Option(value = "l2-normalize the embeddings", defaultValue = "false") boolean l2normEmbed,
    @Option(
            value = "fraction of the gradient that reaches the embeddings",
            defaultValue = "1.0",
            trainingOnly = true)
        double embFracGradient,
    @Option(
            value = "AutoregressiveWrapper: fraction of masked tokens",
            defaultValue = "0.0",
            trainingOnly = true)
        double maskProb) {
  private static final int MAX = 1 << 24;

  public TransformerWrapperConfig {
    Ranges.checkInteger("num_tokens", numTokens, 1, MAX);
    boolean addsPositions = useAbsPosEmb && !attnLayers.encodesPositions();
    Ranges.checkInteger("max_seq_len", maxSeqLen, addsPositions && !scaledSinuPosEmb ? 1 : 0, MAX);
    Ranges.checkInteger("max_mem_len", maxMemLen, 0, MAX);
    Ranges.checkInteger("shift_mem_down", shiftMemDown, 0, MAX);
    Ranges.checkProbability("emb_dropout", embDropout);
    if (embDim != null) {
      Ranges.checkInteger("emb_dim", embDim, 1, MAX);
    }
    if (numMemoryTokens != null) {
      Ranges.checkInteger("num_memory_tokens", numMemoryTokens, 0, MAX);
    }
    if (logitsDim != null) {
      Ranges.checkInteger("logits_dim", logitsDim, 1, MAX);
    }
    if (!(embFracGradient > 0)) {
      throw ConfigException.notAllowed("emb_frac_gradient", embFracGradient, "above 0");
    }
    Ranges.checkMaskProb("mask_prob", maskProb);
    int features = embDim == null ? attnLayers.dim() : embDim;
    if (tieEmbedding && features != attnLayers.dim()) {
      throw new ConfigException(
          "'emb_dim' is %s; with 'tie_embedding' it must be equal to 'dim', which is %s"
              .formatted(features, attnLayers.dim()));
    }
    boolean sines = scaledSinuPosEmb && addsPositions;
    if (sines && l2normEmbed) {
      throw new ConfigException(
          "'l2norm_embed' is true; it must be false with 'scaled_sinu_pos_emb'");
    }
    if (sines && features % 2 != 0) {
      throw new ConfigException(
          "the embedding dimension is %s; with 'scaled_sinu_pos_emb' it must be even"
              .formatted(features));
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
  TokenPlan plan(Profile profile) {
    int features = embDim == null ? attnLayers.dim() : embDim;
    int logits = logitsDim == null ? numTokens : logitsDim;
    return new TokenPlan(
        attnLayers.plan(profile),
        maxSeqLen,
        numTokens,
        features,
        profile.keys().tokenTable(),
        l2normEmbed,
        positions(features),
        postEmbNorm,
        numMemoryTokens == null ? 0 : numMemoryTokens,
        maxMemLen,
        shiftMemDown,
        tieEmbedding ? null : logits);
  }

  private @Nullable PositionEmbedding positions(int features) {
    if (!useAbsPosEmb || attnLayers.encodesPositions()) {
      return null;
    }
    return scaledSinuPosEmb
        ? new PositionEmbedding.Sines(features)
        : new PositionEmbedding.Learned(maxSeqLen, features, l2normEmbed);
  }

  /** A builder with the library's defaults. */
  public static TransformerWrapperConfigBuilder builder() {
    return new TransformerWrapperConfigBuilder();
  }
}
