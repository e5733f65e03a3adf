package ai.transonnx.xtransformerspaddle;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.PositionEmbedding;
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
    @Option(value = "number of learned memory tokens before the sequence", defaultValue = "null")
        @Nullable Integer numMemoryTokens,
    @Option(value = "use the token embeddings as output projection", defaultValue = "false")
        boolean tieEmbedding,
    @Option(
            value = "add absolute position embeddings, unless the layers encode positions",
            defaultValue = "true")
        boolean usePosEmb) {
  private static final int MAX = 1 << 24;

  public TransformerWrapperConfig {
    Ranges.checkInteger("num_tokens", numTokens, 1, MAX);
    Ranges.checkInteger(
        "max_seq_len", maxSeqLen, addsPositions(usePosEmb, attnLayers) ? 1 : 0, MAX);
    Ranges.checkInteger("max_mem_len", maxMemLen, 0, MAX);
    Ranges.checkInteger("shift_mem_down", shiftMemDown, 0, MAX);
    Ranges.checkProbability("emb_dropout", embDropout);
    if (embDim != null) {
      Ranges.checkInteger("emb_dim", embDim, 1, MAX);
    }
    if (numMemoryTokens != null) {
      Ranges.checkInteger("num_memory_tokens", numMemoryTokens, 0, MAX);
    }
    if (tieEmbedding && embDim != null && embDim != attnLayers.dim()) {
      throw new ConfigException(
          "'emb_dim' is %s; with 'tie_embedding' it must be equal to 'dim', which is %s"
              .formatted(embDim, attnLayers.dim()));
    }
  }

  /** The wrapper that these options describe. */
  TokenPlan plan() {
    int features = embDim == null ? attnLayers.dim() : embDim;
    boolean addsPositions = addsPositions(usePosEmb, attnLayers);
    return new TokenPlan(
        attnLayers.plan(),
        maxSeqLen,
        numTokens,
        features,
        "",
        false,
        addsPositions ? new PositionEmbedding.Learned(maxSeqLen, features, false) : null,
        false,
        numMemoryTokens == null ? 0 : numMemoryTokens,
        maxMemLen,
        shiftMemDown,
        tieEmbedding ? null : numTokens);
  }

  private static boolean addsPositions(boolean usePosEmb, AttentionLayersConfig attnLayers) {
    return usePosEmb && !attnLayers.options().positions().encodesPositions();
  }

  /** A builder with the library's defaults. */
  public static TransformerWrapperConfigBuilder builder() {
    return new TransformerWrapperConfigBuilder();
  }
}
