package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.PositionEmbedding;
import ai.transonnx.internal.xtransformers.TokenPlan;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code TransformerWrapper}. */
@Configuration
public record TransformerWrapperConfig(
    @Option("tokens in the vocabulary") int numTokens,
    @Option("the most positions of a call") int maxSeqLen,
    @Option("the layers") AttentionLayersConfig attnLayers,
    @Option(value = "features of an embedding (default: dim)", defaultValue = "null")
        @Nullable Integer embDim,
    @Option(value = "positions that a memory keeps", defaultValue = "0") int maxMemLen,
    @Option(value = "layers that a memory moves down", defaultValue = "0") int shiftMemDown,
    @Option(value = "dropout of the embeddings", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(value = "normalize the embeddings", defaultValue = "false") boolean postEmbNorm,
    @Option(value = "positions before all others that are weights", defaultValue = "null")
        @Nullable Integer numMemoryTokens,
    @Option(value = "logits are products with the embeddings", defaultValue = "false")
        boolean tieEmbedding,
    @Option(value = "features of the logits (default: num_tokens)", defaultValue = "null")
        @Nullable Integer logitsDim,
    @Option(
            value = "add embeddings of positions, unless the layers know them by themselves",
            defaultValue = "true")
        boolean useAbsPosEmb,
    @Option(
            value = "embeddings of positions are sines with a learned factor",
            defaultValue = "false")
        boolean scaledSinuPosEmb,
    @Option(value = "embeddings of length 1", defaultValue = "false") boolean l2normEmbed,
    @Option(
            value = "share of the gradient that reaches the embeddings",
            defaultValue = "1.0",
            trainingOnly = true)
        double embFracGradient,
    @Option(
            value = "of its AutoregressiveWrapper: share of the tokens that are hidden",
            defaultValue = "0.0",
            trainingOnly = true)
        double maskProb) {
  private static final int MAX = 1 << 24;

  public TransformerWrapperConfig {
    Ranges.checkInteger("num_tokens", numTokens, 1, MAX);
    Ranges.checkInteger("max_seq_len", maxSeqLen, 1, MAX);
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
          "'emb_dim' is %s; with 'tie_embedding' it must be the layers' dim, which is %s"
              .formatted(features, attnLayers.dim()));
    }
    boolean sines = scaledSinuPosEmb && useAbsPosEmb && !attnLayers.hasPositions();
    if (sines && l2normEmbed) {
      throw new ConfigException(
          "'l2norm_embed' is true; it must be false with 'scaled_sinu_pos_emb'");
    }
    if (sines && features % 2 != 0) {
      throw new ConfigException(
          "the embeddings have %s features; with 'scaled_sinu_pos_emb' it must be an even number"
              .formatted(features));
    }
  }

  /** The wrapper that these options describe. */
  TokenPlan plan() {
    int features = embDim == null ? attnLayers.dim() : embDim;
    int logits = logitsDim == null ? numTokens : logitsDim;
    return new TokenPlan(
        attnLayers.plan(),
        maxSeqLen,
        numTokens,
        features,
        "emb",
        l2normEmbed,
        positions(features),
        postEmbNorm,
        numMemoryTokens == null ? 0 : numMemoryTokens,
        maxMemLen,
        shiftMemDown,
        tieEmbedding ? null : logits);
  }

  private @Nullable PositionEmbedding positions(int features) {
    if (!useAbsPosEmb || attnLayers.hasPositions()) {
      return null;
    }
    return scaledSinuPosEmb
        ? new PositionEmbedding.Sines(features)
        : new PositionEmbedding.Learned(maxSeqLen, features, l2normEmbed);
  }

  public static TransformerWrapperConfigBuilder builder() {
    return new TransformerWrapperConfigBuilder();
  }
}
