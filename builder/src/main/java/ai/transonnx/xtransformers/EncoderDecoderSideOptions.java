package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import org.jspecify.annotations.Nullable;

/**
 * The keyword arguments of one half of an {@code XTransformer}: of its wrapper, and of its layers.
 * Among the model's they begin {@code enc_} or {@code dec_}.
 */
public record EncoderDecoderSideOptions(
    @Option("tokens in the vocabulary") int numTokens,
    @Option("the most positions of a call") int maxSeqLen,
    @Option(value = "dropout of the embeddings", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(
            value = "add embeddings of positions, unless the layers know them by themselves",
            defaultValue = "true")
        boolean useAbsPosEmb,
    @Option(
            value = "embeddings of positions are sines with a learned factor",
            defaultValue = "false")
        boolean scaledSinuPosEmb,
    @OptionGroup LayerOptions layers) {
  /** The half's wrapper, around layers of some options. */
  TransformerWrapperConfig wrapper(
      AttentionLayersConfig attnLayers, @Nullable Integer numMemoryTokens) {
    var wrapper =
        TransformerWrapperConfig.builder()
            .numTokens(numTokens)
            .maxSeqLen(maxSeqLen)
            .attnLayers(attnLayers)
            .embDropout(embDropout)
            .useAbsPosEmb(useAbsPosEmb)
            .scaledSinuPosEmb(scaledSinuPosEmb);
    return (numMemoryTokens == null ? wrapper : wrapper.numMemoryTokens(numMemoryTokens)).build();
  }
}
