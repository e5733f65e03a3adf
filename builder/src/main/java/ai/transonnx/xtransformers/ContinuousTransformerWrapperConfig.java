package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.PositionEmbedding;
import ai.transonnx.internal.xtransformers.VectorPlan;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code ContinuousTransformerWrapper}. */
@Configuration
public record ContinuousTransformerWrapperConfig(
    @Option("the most positions of a call") int maxSeqLen,
    @Option("the layers") AttentionLayersConfig attnLayers,
    @Option(value = "features of the input (default: dim)", defaultValue = "null")
        @Nullable Integer dimIn,
    @Option(value = "features of the output (default: dim)", defaultValue = "null")
        @Nullable Integer dimOut,
    @Option(value = "nothing, in the library neither", defaultValue = "null")
        @Nullable Integer embDim,
    @Option(value = "normalize what the layers see", defaultValue = "false") boolean postEmbNorm,
    @Option(value = "dropout of the embeddings", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(
            value = "add embeddings of positions, unless the layers know them by themselves",
            defaultValue = "true")
        boolean useAbsPosEmb,
    @Option(
            value = "embeddings of positions are sines with a learned factor",
            defaultValue = "false")
        boolean scaledSinuPosEmb) {
  private static final int MAX = 1 << 24;

  public ContinuousTransformerWrapperConfig {
    Ranges.checkInteger("max_seq_len", maxSeqLen, 1, MAX);
    Ranges.checkProbability("emb_dropout", embDropout);
    if (dimIn != null) {
      Ranges.checkInteger("dim_in", dimIn, 1, MAX);
    }
    if (dimOut != null) {
      Ranges.checkInteger("dim_out", dimOut, 1, MAX);
    }
    boolean sines = scaledSinuPosEmb && useAbsPosEmb && !attnLayers.hasPositions();
    if (sines && attnLayers.dim() % 2 != 0) {
      throw new ConfigException(
          "'dim' is %s; with 'scaled_sinu_pos_emb' it must be an even number"
              .formatted(attnLayers.dim()));
    }
  }

  /** The wrapper that these options describe. */
  VectorPlan plan() {
    return new VectorPlan(
        attnLayers.plan(), maxSeqLen, dimIn, dimOut, positions(attnLayers.dim()), postEmbNorm);
  }

  private @Nullable PositionEmbedding positions(int dim) {
    if (!useAbsPosEmb || attnLayers.hasPositions()) {
      return null;
    }
    return scaledSinuPosEmb
        ? new PositionEmbedding.Sines(dim)
        : new PositionEmbedding.Learned(maxSeqLen, dim, false);
  }

  public static ContinuousTransformerWrapperConfigBuilder builder() {
    return new ContinuousTransformerWrapperConfigBuilder();
  }
}
