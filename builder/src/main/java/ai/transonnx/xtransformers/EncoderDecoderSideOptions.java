package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import org.jspecify.annotations.Nullable;

/**
 * The keyword arguments of the encoder or of the decoder of an {@code XTransformer}, both of its
 * wrapper and of its layers. {@code XTransformer} prefixes them with {@code enc_} or {@code dec_}.
 * Immutable.
 */
public record EncoderDecoderSideOptions(
    @Option("vocabulary size") int numTokens,
    @Option("maximum sequence length; 0 is unlimited, unless positions have learned embeddings")
        int maxSeqLen,
    @Option(value = "dropout of the embeddings", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(
            value = "add absolute position embeddings, unless the layers encode positions",
            defaultValue = "true",
            since = "1.8.1")
        boolean useAbsPosEmb,
    @Option(
            value = "sinusoidal position embeddings with a learned scale",
            defaultValue = "false",
            since = "1.8.1")
        boolean scaledSinuPosEmb,
    @OptionGroup LayerOptions layers) {
  /** The wrapper around the given layers. */
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
