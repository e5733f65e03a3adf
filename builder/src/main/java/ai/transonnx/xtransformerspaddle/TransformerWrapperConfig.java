package ai.transonnx.xtransformerspaddle;

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
    @Option(value = "positions before all others that are weights", defaultValue = "null")
        @Nullable Integer numMemoryTokens,
    @Option(value = "logits are products with the embeddings", defaultValue = "false")
        boolean tieEmbedding,
    @Option(value = "add embeddings of positions", defaultValue = "true") boolean usePosEmb) {
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
    if (tieEmbedding && embDim != null && embDim != attnLayers.dim()) {
      throw new ConfigException(
          "'emb_dim' is %s; with 'tie_embedding' it must be the layers' dim, which is %s"
              .formatted(embDim, attnLayers.dim()));
    }
  }

  /** The wrapper that these options describe. */
  TokenPlan plan() {
    int features = embDim == null ? attnLayers.dim() : embDim;
    boolean addsPositions = usePosEmb && !attnLayers.options().positions().isKnown();
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

  public static TransformerWrapperConfigBuilder builder() {
    return new TransformerWrapperConfigBuilder();
  }
}
