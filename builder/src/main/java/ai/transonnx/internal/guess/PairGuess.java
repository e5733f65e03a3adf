package ai.transonnx.internal.guess;

import ai.transonnx.internal.guess.LayerSequence.Context;
import ai.transonnx.xtransformers.EncoderDecoderSideOptions;
import ai.transonnx.xtransformers.XTransformerConfig;

/** The encoder-decoder class of x-transformers. */
final class PairGuess {
  private PairGuess() {}

  static Options of(Tensors tensors, Origin origin) {
    var encoder = side(tensors.under("encoder."), origin, Context.NONE);
    var prefix = tensors.hasUnder("decoder.net.") ? "decoder.net." : "decoder.";
    var decoder = side(tensors.under(prefix), origin, Context.GIVEN);
    var options =
        Options.of("XTransformer", XTransformerConfig.class, origin)
            .number("dim", encoder.dim())
            .number("enc_num_memory_tokens", tensors.size("encoder.memory_tokens", 0))
            .prefixed("enc_", encoder.options())
            .prefixed("dec_", decoder.options());
    long sourceTokens = tensors.size("encoder." + origin.tokenTable(), 0);
    long targetTokens = tensors.size(prefix + origin.tokenTable(), 0);
    if (sourceTokens == targetTokens) {
      options.unknown("tie_token_emb");
    } else if (sourceTokens == 0 || targetTokens == 0) {
      options
          .flag("tie_token_emb", true)
          .number("enc_num_tokens", sourceTokens + targetTokens)
          .number("dec_num_tokens", sourceTokens + targetTokens);
    }
    if (encoder.isScaled() && decoder.isScaled()) {
      options.unknown("deepnorm");
    }
    return origin.isPort() ? options : options.unknown("ignore_index", "pad_value");
  }

  /** The options of the encoder or the decoder, which have no model dimension. */
  private record Side(long dim, boolean isScaled, Options options) {}

  private static Side side(Tensors tensors, Origin origin, Context context) {
    var layers = LayersGuess.of(tensors.under(XTransformersGuess.LAYERS), origin, context);
    var options =
        Options.of(EncoderDecoderSideOptions.class, origin)
            .number("num_tokens", tensors.size(origin.tokenTable(), 0));
    WrapperPositionsGuess.guess(tensors, layers, options);
    options.prefixed("", layers);
    return new Side(layers.value("dim"), layers.isSet("scale_residual"), options);
  }
}
