package ai.transonnx.xtransformerspaddle;

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
    @OptionGroup LayerOptions layers) {
  /** The half's wrapper, around its layers. */
  TransformerWrapperConfig wrapper(AttentionLayersConfig attnLayers, @Nullable Integer memories) {
    var wrapper =
        TransformerWrapperConfig.builder()
            .numTokens(numTokens)
            .maxSeqLen(maxSeqLen)
            .attnLayers(attnLayers)
            .embDropout(embDropout);
    return (memories == null ? wrapper : wrapper.numMemoryTokens(memories)).build();
  }
}
