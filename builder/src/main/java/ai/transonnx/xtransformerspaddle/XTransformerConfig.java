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
 * The keyword arguments of {@code XTransformer}: its own, those of its encoder with the prefix
 * {@code enc_}, and those of its decoder with the prefix {@code dec_}. Immutable.
 *
 * <p>Values that the library would reject throw a {@link ConfigException}, whose message names the
 * key and the allowed values.
 */
@Configuration
public record XTransformerConfig(
    @Option("model dimension") int dim,
    @Option(
            value = "share the token embeddings between encoder and decoder",
            defaultValue = "false")
        boolean tieTokenEmb,
    @Option(value = "number of learned memory tokens before the source", defaultValue = "null")
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
  private static final List<String> SIDE_KEYS =
      ConfigOption.all(EncoderDecoderSideOptions.class).stream().map(ConfigOption::key).toList();

  public XTransformerConfig {
    checkSide(ENC, () -> encoder(dim, enc, encNumMemoryTokens));
    checkSide(DEC, () -> decoder(dim, dec));
  }

  private static void checkSide(String prefix, Runnable check) {
    try {
      check.run();
    } catch (ConfigException e) {
      throw e.withPrefix(prefix, SIDE_KEYS);
    }
  }

  /** The encoder's wrapper. */
  TransformerWrapperConfig encoder() {
    return encoder(dim, enc, encNumMemoryTokens);
  }

  /** The decoder's wrapper, whose layers attend to the encoder's output. */
  TransformerWrapperConfig decoder() {
    return decoder(dim, dec);
  }

  private static TransformerWrapperConfig encoder(
      int dim, EncoderDecoderSideOptions enc, @Nullable Integer numMemoryTokens) {
    return enc.wrapper(
        new AttentionLayersConfig(StackKind.ENCODER, dim, null, null, enc.layers()),
        numMemoryTokens);
  }

  private static TransformerWrapperConfig decoder(int dim, EncoderDecoderSideOptions dec) {
    return dec.wrapper(
        new AttentionLayersConfig(StackKind.DECODER, dim, null, true, dec.layers()), null);
  }

  /** A builder with the library's defaults. */
  public static XTransformerConfigBuilder builder() {
    return new XTransformerConfigBuilder();
  }
}
