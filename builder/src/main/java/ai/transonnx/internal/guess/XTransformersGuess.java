package ai.transonnx.internal.guess;

import ai.transonnx.internal.guess.LayerSequence.Context;
import java.util.Optional;
import java.util.function.BiFunction;

/** The classes of x-transformers and of its port to Paddle. */
final class XTransformersGuess {
  private static final String LAYERS = "attn_layers.";
  private static final String PAIR = "encoder." + LAYERS + "layers.0.";

  private final Origin origin;
  private final boolean isPaddle;

  private XTransformersGuess(Origin origin) {
    this.origin = origin;
    this.isPaddle = origin.isPort();
  }

  static Optional<Guess> of(Tensors all) {
    return moduleWith(PAIR, all)
        .filter(tensors -> tensors.hasUnder("decoder."))
        .map(pair -> guess(pair, XTransformersGuess::encoderAndDecoder))
        .or(
            () ->
                moduleWith(LAYERS + "layers.0.", all)
                    .map(wrapper -> guess(wrapper, XTransformersGuess::wrapper)))
        .or(() -> alone(all).map(layers -> guess(layers, XTransformersGuess::layers)));
  }

  private static Guess guess(
      Tensors tensors, BiFunction<XTransformersGuess, Tensors, Options> options) {
    var origin = Origin.of(tensors);
    var guess = options.apply(new XTransformersGuess(origin), tensors).guess(origin.library());
    return origin.isPort() ? guess : guess.withEvidence(origin.evidence());
  }

  /** The tensors of the module in which names start like this. */
  private static Optional<Tensors> moduleWith(String start, Tensors all) {
    return all.like("(^|\\.)" + start.replace(".", "\\."))
        .map(name -> all.under(name.substring(0, name.indexOf(start))));
  }

  private static Optional<Tensors> alone(Tensors all) {
    return all.like("^layers\\.0\\.1\\..*(to_q|(ff|net)\\.\\d)").map(name -> all);
  }

  private Options layers(Tensors tensors) {
    return LayersGuess.of(tensors, origin, Context.UNKNOWN)
        .hint("class", Options.REQUIRED)
        .unknown("causal");
  }

  private Options wrapper(Tensors tensors) {
    if (tensors.hasUnder("patch_to_embedding.")) {
      return vision(tensors);
    }
    var layers =
        LayersGuess.of(tensors.under(LAYERS), origin, Context.UNKNOWN)
            .hint("class", Options.REQUIRED)
            .unknown("causal");
    return tensors.has(tokenEmbedding())
        ? transformer(tensors, layers)
        : continuous(tensors, layers);
  }

  private String tokenEmbedding() {
    return String.join(".", origin.profile().keys().tokenTable()) + ".weight";
  }

  private long outputs(Tensors tensors, String weight) {
    return tensors.size(weight, isPaddle ? 1 : 0);
  }

  private Options transformer(Tensors tensors, Options layers) {
    long tokens = tensors.size(tokenEmbedding(), 0);
    long logits = outputs(tensors, "to_logits.weight");
    var options = new Options("TransformerWrapper").number("num_tokens", tokens);
    positions(tensors, layers, options);
    if (tensors.has("project_emb.weight")) {
      options.number("emb_dim", tensors.size(tokenEmbedding(), 1));
    }
    options
        .number("num_memory_tokens", tensors.size("memory_tokens", 0))
        .number("logits_dim", logits == tokens ? 0 : logits)
        .flag("tie_embedding", logits == 0)
        .flag("post_emb_norm", tensors.hasUnder("post_emb_norm."))
        .object("attn_layers", layers)
        .unknown("max_mem_len", "shift_mem_down");
    return isPaddle || options.isSet("scaled_sinu_pos_emb")
        ? options
        : options.unknown("l2norm_embed");
  }

  /** The options of absolute position embeddings. */
  private void positions(Tensors tensors, Options layers, Options options) {
    boolean encoded =
        layers.isSet("rel_pos_bias")
            || layers.isSet("rotary_pos_emb")
            || layers.isSet("position_infused_attn");
    options
        .required("max_seq_len", tensors.size("pos_emb.emb.weight", 0))
        .flag("scaled_sinu_pos_emb", tensors.has("pos_emb.scale"));
    if (!encoded && !tensors.hasUnder("pos_emb.")) {
      options.off(origin.profile().release().since("0.25.8") ? "use_abs_pos_emb" : "use_pos_emb");
    }
  }

  private Options continuous(Tensors tensors, Options layers) {
    var options = new Options("ContinuousTransformerWrapper");
    positions(tensors, layers, options);
    return options
        .number("dim_in", tensors.size("project_in.weight", isPaddle ? 0 : 1))
        .number("dim_out", outputs(tensors, "project_out.weight"))
        .flag("post_emb_norm", tensors.hasUnder("post_emb_norm."))
        .object("attn_layers", layers);
  }

  private Options vision(Tensors tensors) {
    var layers =
        LayersGuess.of(tensors.under(LAYERS), origin, Context.NONE).text("class", "Encoder");
    var wrappers = origin.profile().wrappers();
    String head = wrappers.hasClassToken() ? "mlp_head.net.3.weight" : "mlp_head.weight";
    var options =
        new Options("ViTransformerWrapper")
            .number("num_classes", outputs(tensors, head))
            .flag("post_emb_norm", tensors.hasUnder("post_emb_norm."))
            .object("attn_layers", layers);
    long side = Math.round(Math.sqrt((double) tensors.size("pos_embedding", 1) - 1));
    if (isPaddle) { // always has three channels
      long patch = Math.round(Math.sqrt(tensors.size("patch_to_embedding.weight", 0) / 3.0));
      return options.number("patch_size", patch).number("image_size", side * patch);
    }
    return options
        .hint("image_size", "%s * patch_size".formatted(side))
        .hint(
            "patch_size",
            "channels * patch_size * patch_size is "
                + tensors.size("patch_to_embedding.1.weight", 1))
        .unknown("channels");
  }

  private Options encoderAndDecoder(Tensors tensors) {
    var encoder = side(tensors.under("encoder."), Context.NONE);
    String decoderPrefix = tensors.hasUnder("decoder.net.") ? "decoder.net." : "decoder.";
    var decoder = side(tensors.under(decoderPrefix), Context.GIVEN);
    var options =
        new Options("XTransformer")
            .number("dim", encoder.takeNumber("dim"))
            .number("enc_num_memory_tokens", tensors.size("encoder.memory_tokens", 0));
    decoder.takeNumber("dim");
    options.prefixed("enc_", encoder).prefixed("dec_", decoder);
    long sourceTokens = tensors.size("encoder." + tokenEmbedding(), 0);
    long targetTokens = tensors.size(decoderPrefix + tokenEmbedding(), 0);
    if (sourceTokens == targetTokens) {
      options.unknown("tie_token_emb");
    } else if (sourceTokens == 0 || targetTokens == 0) {
      options
          .flag("tie_token_emb", true)
          .number("enc_num_tokens", sourceTokens + targetTokens)
          .number("dec_num_tokens", sourceTokens + targetTokens);
    }
    if (isPaddle) {
      return options;
    }
    if (encoder.isSet("scale_residual") && decoder.isSet("scale_residual")) {
      options.unknown("deepnorm");
    }
    return options.unknown("ignore_index", "pad_value");
  }

  private Options side(Tensors tensors, Context context) {
    var layers = LayersGuess.of(tensors.under(LAYERS), origin, context);
    var options = new Options().number("num_tokens", tensors.size(tokenEmbedding(), 0));
    positions(tensors, layers, options);
    return options.prefixed("", layers);
  }
}
