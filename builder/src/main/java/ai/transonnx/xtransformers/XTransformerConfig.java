package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.internal.config.Ranges;
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
    @Option(value = "targets that do not count in the loss", defaultValue = "-100") int ignoreIndex,
    @Option(
            value = "nothing in the graph: what follows the end of a generated text",
            defaultValue = "0")
        int padValue,
    @Option(value = "residuals with factors by both depths", defaultValue = "false")
        boolean deepnorm,
    @Option(
            value = "dropout of what the decoder attends to",
            defaultValue = "0.0",
            trainingOnly = true)
        double crossAttnTokensDropout,
    @Option(
            value = "of its AutoregressiveWrapper: share of the tokens that are hidden",
            defaultValue = "0.0",
            trainingOnly = true)
        double maskProb,
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
    Ranges.checkMaskProb("mask_prob", maskProb);
    if (deepnorm) {
      Ranges.checkInteger("enc_depth", enc.layers().depth(), 1, 10_000);
      Ranges.checkInteger("dec_depth", dec.layers().depth(), 1, 10_000);
    }
    checked(ENC, () -> encoder(dim, deepnorm, enc, dec, encNumMemoryTokens));
    checked(DEC, () -> decoder(dim, deepnorm, dec));
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
    return encoder(dim, deepnorm, enc, dec, encNumMemoryTokens);
  }

  /** The decoder as the library wraps it; it attends to the encoder's output. */
  TransformerWrapperConfig decoder() {
    return decoder(dim, deepnorm, dec);
  }

  private static TransformerWrapperConfig encoder(
      int dim,
      boolean deepnorm,
      EncoderDecoderSideOptions enc,
      EncoderDecoderSideOptions dec,
      @Nullable Integer memoryTokens) {
    double depths = Math.pow(enc.layers().depth(), 4) * dec.layers().depth();
    var layers = scaled(enc.layers(), deepnorm, 0.81 * Math.pow(depths, 0.0625));
    return enc.wrapper(
        new AttentionLayersConfig(StackKind.ENCODER, dim, null, null, layers), memoryTokens);
  }

  private static TransformerWrapperConfig decoder(
      int dim, boolean deepnorm, EncoderDecoderSideOptions dec) {
    var layers = scaled(dec.layers(), deepnorm, Math.pow(3.0 * dec.layers().depth(), 0.25));
    return dec.wrapper(new AttentionLayersConfig(StackKind.DECODER, dim, null, true, layers), null);
  }

  private static LayerOptions scaled(LayerOptions layers, boolean deepnorm, double constant) {
    return deepnorm ? layers.withScaledResiduals(constant) : layers;
  }

  public static XTransformerConfigBuilder builder() {
    return new XTransformerConfigBuilder();
  }
}
