package ai.transonnx.xtransformerspaddle;

import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.PositionEmbedding;
import ai.transonnx.internal.xtransformers.VectorPlan;
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
    @Option(value = "ignored, as in the library", defaultValue = "null") @Nullable Integer embDim,
    @Option(value = "dropout of the input", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(
            value = "add absolute position embeddings, unless the layers encode positions",
            defaultValue = "true")
        boolean usePosEmb) {
  private static final int MAX = 1 << 24;

  public ContinuousTransformerWrapperConfig {
    Ranges.checkInteger(
        "max_seq_len", maxSeqLen, addsPositions(usePosEmb, attnLayers) ? 1 : 0, MAX);
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
    boolean addsPositions = addsPositions(usePosEmb, attnLayers);
    var positions =
        addsPositions ? new PositionEmbedding.Learned(maxSeqLen, attnLayers.dim(), false) : null;
    return new VectorPlan(attnLayers.plan(), maxSeqLen, dimIn, dimOut, positions, false);
  }

  private static boolean addsPositions(boolean usePosEmb, AttentionLayersConfig attnLayers) {
    return usePosEmb && !attnLayers.options().positions().encodesPositions();
  }

  /** A builder with the library's defaults. */
  public static ContinuousTransformerWrapperConfigBuilder builder() {
    return new ContinuousTransformerWrapperConfigBuilder();
  }
}
