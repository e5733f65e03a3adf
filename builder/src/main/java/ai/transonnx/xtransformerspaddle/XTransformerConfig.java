package ai.transonnx.xtransformerspaddle;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.xtransformers.StackKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keyword arguments of {@code XTransformer}: its own, and those of its two halves, which begin
 * {@code enc_} and {@code dec_}.
 *
 * <p>Values that the library would refuse are a {@link ConfigException}, which names the key and
 * what is allowed.
 */
@Configuration
public record XTransformerConfig(
    @Option("features of a position") int dim,
    @Option(value = "the decoder's embeddings are the encoder's", defaultValue = "false")
        boolean tieTokenEmb,
    @Option(
            value = "positions before all others of the encoder that are weights",
            defaultValue = "null")
        @Nullable Integer encNumMemoryTokens,
    @OptionGroup(
            prefix = ENC,
            fixedByClass = {"dim", "class", "causal", "cross_attend"})
        EncoderDecoderSideOptions enc,
    @OptionGroup(
            prefix = DEC,
            fixedByClass = {"dim", "class", "causal", "cross_attend"})
        EncoderDecoderSideOptions dec) {
  private static final String ENC = "enc_";
  private static final String DEC = "dec_";
  private static final List<String> HALF_KEYS =
      ConfigOption.all(EncoderDecoderSideOptions.class).stream().map(ConfigOption::key).toList();

  public XTransformerConfig {
    checked(ENC, () -> encoder(dim, enc, encNumMemoryTokens));
    checked(DEC, () -> decoder(dim, dec));
  }

  private static void checked(String prefix, Runnable half) {
    try {
      half.run();
    } catch (ConfigException e) {
      throw e.withPrefix(prefix, HALF_KEYS);
    }
  }

  /** The encoder as the library wraps it. */
  TransformerWrapperConfig encoder() {
    return encoder(dim, enc, encNumMemoryTokens);
  }

  /** The decoder as the library wraps it; it attends to the encoder's output. */
  TransformerWrapperConfig decoder() {
    return decoder(dim, dec);
  }

  private static TransformerWrapperConfig encoder(
      int dim, EncoderDecoderSideOptions enc, @Nullable Integer memories) {
    return enc.wrapper(
        new AttentionLayersConfig(StackKind.ENCODER, dim, null, null, enc.layers()), memories);
  }

  private static TransformerWrapperConfig decoder(int dim, EncoderDecoderSideOptions dec) {
    return dec.wrapper(
        new AttentionLayersConfig(StackKind.DECODER, dim, null, true, dec.layers()), null);
  }

  public static XTransformerConfigBuilder builder() {
    return new XTransformerConfigBuilder();
  }
}
