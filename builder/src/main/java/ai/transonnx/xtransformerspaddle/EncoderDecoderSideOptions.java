package ai.transonnx.xtransformerspaddle;

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
    @OptionGroup LayerOptions layers) {
  /** The wrapper around the given layers. */
  TransformerWrapperConfig wrapper(
      AttentionLayersConfig attnLayers, @Nullable Integer numMemoryTokens) {
    var wrapper =
        TransformerWrapperConfig.builder()
            .numTokens(numTokens)
            .maxSeqLen(maxSeqLen)
            .attnLayers(attnLayers)
            .embDropout(embDropout);
    return (numMemoryTokens == null ? wrapper : wrapper.numMemoryTokens(numMemoryTokens)).build();
  }
}
