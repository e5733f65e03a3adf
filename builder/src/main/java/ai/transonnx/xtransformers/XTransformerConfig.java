package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.Profile;
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
    @Option(value = "target value that the loss ignores", defaultValue = "-100", since = "0.26.1")
        int ignoreIndex,
    @Option(
            value = "padding after generated text; does not affect the graph",
            defaultValue = "0",
            since = "0.26.1")
        int padValue,
    @Option(
            value = "DeepNorm: residuals scaled according to both depths",
            defaultValue = "false",
            since = "0.33.0",
            until = "1.19.1")
        boolean deepnorm,
    @Option(
            value = "dropout of encoder positions in cross-attention",
            defaultValue = "0.0",
            trainingOnly = true,
            since = "1.5.1")
        double crossAttnTokensDropout,
    @Option(
            value = "AutoregressiveWrapper: fraction of masked tokens",
            defaultValue = "0.0",
            trainingOnly = true,
            since = "1.2.0")
        double maskProb,
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
    Ranges.checkMaskProb("mask_prob", maskProb);
    if (deepnorm) {
      Ranges.checkDepth("enc_depth", enc.layers().blocks(), 1);
      Ranges.checkDepth("dec_depth", dec.layers().blocks(), 1);
    }
    checkSide(ENC, () -> encoder(dim, deepnorm, enc, dec, encNumMemoryTokens));
    checkSide(DEC, () -> decoder(dim, deepnorm, dec));
    var contextDim = dec.layers().crossAttention().keyValues().dimContext();
    if (contextDim != null && contextDim != dim) {
      throw ConfigException.notAllowed(
          "dec_cross_attn_dim_context",
          contextDim,
          "equal to 'dim', which is %s, the dimension of the encoder's output".formatted(dim));
    }
  }

  private static void checkSide(String prefix, Runnable check) {
    try {
      check.run();
    } catch (ConfigException e) {
      throw e.withPrefix(prefix, SIDE_KEYS);
    }
  }

  /**
   * Checks these options against a release.
   *
   * @throws ConfigException if the release refuses a value
   */
  void check(Profile profile) {
    checkSide(ENC, () -> check(encoder(), profile));
    checkSide(DEC, () -> check(decoder(), profile));
  }

  private static void check(TransformerWrapperConfig side, Profile profile) {
    side.attnLayers().checkUnconditioned("XTransformer");
    side.check(profile);
  }

  /** The encoder's wrapper. */
  TransformerWrapperConfig encoder() {
    return encoder(dim, deepnorm, enc, dec, encNumMemoryTokens);
  }

  /** The decoder's wrapper, whose layers attend to the encoder's output. */
  TransformerWrapperConfig decoder() {
    return decoder(dim, deepnorm, dec);
  }

  private static TransformerWrapperConfig encoder(
      int dim,
      boolean deepnorm,
      EncoderDecoderSideOptions enc,
      EncoderDecoderSideOptions dec,
      @Nullable Integer memoryTokens) {
    double depths = Math.pow(enc.layers().blocks(), 4) * dec.layers().blocks();
    var layers = scaled(enc.layers(), deepnorm, 0.81 * Math.pow(depths, 0.0625));
    return enc.wrapper(
        new AttentionLayersConfig(StackKind.ENCODER, dim, null, null, layers), memoryTokens);
  }

  private static TransformerWrapperConfig decoder(
      int dim, boolean deepnorm, EncoderDecoderSideOptions dec) {
    var layers = scaled(dec.layers(), deepnorm, Math.pow(3.0 * dec.layers().blocks(), 0.25));
    return dec.wrapper(new AttentionLayersConfig(StackKind.DECODER, dim, null, true, layers), null);
  }

  private static LayerOptions scaled(LayerOptions layers, boolean deepnorm, double constant) {
    return deepnorm ? layers.withScaledResiduals(constant) : layers;
  }

  /** A builder with the library's defaults. */
  public static XTransformerConfigBuilder builder() {
    return new XTransformerConfigBuilder();
  }
}
