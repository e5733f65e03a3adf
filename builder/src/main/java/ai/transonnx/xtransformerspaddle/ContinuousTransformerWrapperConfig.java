package ai.transonnx.xtransformerspaddle;

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
    @Option(value = "no effect in the library", defaultValue = "null") @Nullable Integer embDim,
    @Option(value = "dropout of the input", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(value = "add embeddings of positions", defaultValue = "true") boolean usePosEmb) {
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
  }

  /** The wrapper that these options describe. */
  VectorPlan plan() {
    boolean addsPositions = usePosEmb && !attnLayers.options().positions().isKnown();
    var positions =
        addsPositions ? new PositionEmbedding.Learned(maxSeqLen, attnLayers.dim(), false) : null;
    return new VectorPlan(attnLayers.plan(), maxSeqLen, dimIn, dimOut, positions, false);
  }

  public static ContinuousTransformerWrapperConfigBuilder builder() {
    return new ContinuousTransformerWrapperConfigBuilder();
  }
}
