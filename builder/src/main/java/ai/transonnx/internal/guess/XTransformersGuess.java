package ai.transonnx.internal.guess;

import java.util.Optional;
import java.util.stream.Stream;

/** The wrappers of x-transformers and of its port to Paddle, and the attention layers alone. */
final class XTransformersGuess {
  private static final String LAYERS = "attn_layers.";
  private static final String PYTORCH = "x-transformers";
  private static final String PADDLE = "x-transformers-paddle";

  private XTransformersGuess() {}

  static Optional<Guess> of(Tensors all) {
    boolean isTold = all.has("token_emb.weight") || all.hasUnder("net.token_emb.");
    if (!isTold && names(all).anyMatch(XTransformersGuess::isLayer) && hasInputsFirst(all)) {
      return Optional.of(ported(all));
    }
    var encoder = all.around("encoder." + LAYERS + "layers.0.1.to_q.weight");
    if (encoder.isPresent() && encoder.get().hasUnder("decoder.")) {
      return encoder.map(XTransformersGuess::encoderAndDecoder);
    }
    return names(all)
        .filter(name -> name.contains(LAYERS + "layers.0."))
        .findFirst()
        .map(name -> wrapper(all.under(name.substring(0, name.indexOf(LAYERS)))))
        .or(() -> alone(all));
  }

  private static Stream<String> names(Tensors all) {
    return all.shapes().keySet().stream();
  }

  private static boolean isLayer(String name) {
    return name.contains(LAYERS + "layers.0.") || isLayerAlone(name);
  }

  private static boolean isLayerAlone(String name) {
    return name.matches("layers\\.0\\.1\\..*(to_q|ff\\.\\d).*");
  }

  /** Whether a linear layer's weight is (in, out), as the port has it. */
  private static boolean hasInputsFirst(Tensors all) {
    return names(all)
        .filter(name -> name.endsWith(".bias"))
        .anyMatch(
            bias -> {
              String weight = bias.replaceAll("bias$", "weight");
              return all.size(weight, 1) == all.size(bias, 0)
                  && all.size(weight, 1) != all.size(weight, 0);
            });
  }

  /** A class of the port other than TransformerWrapper. */
  private static Guess ported(Tensors all) {
    String className = "";
    if (all.hasUnder("encoder.") && all.hasUnder("decoder.")) {
      className = "XTransformer";
    } else if (all.hasUnder("patch_to_embedding.")) {
      className = "ViTransformerWrapper";
    } else if (all.hasUnder(LAYERS)) {
      className = "ContinuousTransformerWrapper";
    }
    var options = className.isEmpty() ? new Options() : new Options(className);
    return options
        .unknown("the options: of the port, only TransformerWrapper's are told")
        .guess(PADDLE);
  }

  private static Optional<Guess> alone(Tensors all) {
    return names(all)
        .filter(XTransformersGuess::isLayerAlone)
        .findFirst()
        .map(
            name ->
                LayersGuess.of(all, PYTORCH)
                    .unknown("class: Encoder and Decoder have the same weights")
                    .guess(PYTORCH));
  }

  private static Guess wrapper(Tensors tensors) {
    boolean isPaddle = tensors.has("token_emb.weight");
    String library = isPaddle ? PADDLE : PYTORCH;
    var layers = LayersGuess.of(tensors.under(LAYERS), library);
    layers.unknown("attn_layers.class: Encoder and Decoder have the same weights");
    if (tensors.hasUnder("token_emb.")) {
      return transformer(tensors, isPaddle, layers).guess(library);
    }
    return tensors.hasUnder("patch_to_embedding.")
        ? vision(tensors, layers).guess(PYTORCH)
        : continuous(tensors, layers).guess(PYTORCH);
  }

  private static Options transformer(Tensors tensors, boolean isPaddle, Options layers) {
    String embedding = isPaddle ? "token_emb.weight" : "token_emb.emb.weight";
    var options =
        new Options("TransformerWrapper")
            .number("num_tokens", tensors.size(embedding, 0))
            .number("max_seq_len", tensors.size("pos_emb.emb.weight", 0));
    if (tensors.has("project_emb.weight")) {
      options.number("emb_dim", tensors.size(embedding, 1));
    }
    options
        .number("num_memory_tokens", tensors.size("memory_tokens", 0))
        .flag("post_emb_norm", tensors.hasUnder("post_emb_norm."))
        .flag("scaled_sinu_pos_emb", tensors.has("pos_emb.scale"))
        .object("attn_layers", layers);
    if (!tensors.has("pos_emb.emb.weight")) {
      options.unknown("max_seq_len: there is no table of positions");
    }
    return options;
  }

  private static Options continuous(Tensors tensors, Options layers) {
    var options =
        new Options("ContinuousTransformerWrapper")
            .number("max_seq_len", tensors.size("pos_emb.emb.weight", 0))
            .number("dim_in", tensors.size("project_in.weight", 1))
            .number("dim_out", tensors.size("project_out.weight", 0))
            .flag("post_emb_norm", tensors.hasUnder("post_emb_norm."))
            .object("attn_layers", layers);
    if (!tensors.has("pos_emb.emb.weight")) {
      options.unknown("max_seq_len: there is no table of positions");
    }
    return options;
  }

  private static Options vision(Tensors tensors, Options layers) {
    long patches = Math.max(0, tensors.size("pos_embedding", 1) - 1);
    return new Options("ViTransformerWrapper")
        .number("num_classes", tensors.size("mlp_head.weight", 0))
        .object("attn_layers", layers)
        .unknown(
            "image_size, patch_size and channels: there are %s patches of %s values"
                .formatted(patches, tensors.size("patch_to_embedding.1.weight", 1)));
  }

  private static Guess encoderAndDecoder(Tensors tensors) {
    var options = new Options("XTransformer");
    half(tensors.under("encoder."), "enc_", options);
    half(
        tensors
            .around("decoder.net.token_emb.emb.weight")
            .map(found -> found.under("decoder.net."))
            .orElse(tensors.under("decoder.")),
        "dec_",
        options);
    return options.guess(PYTORCH);
  }

  private static void half(Tensors tensors, String prefix, Options options) {
    var layers = LayersGuess.of(tensors.under(LAYERS), PYTORCH).guess(PYTORCH);
    options
        .number("dim", layers.config().path("dim").asLong())
        .number(prefix + "num_tokens", tensors.size("token_emb.emb.weight", 0))
        .number(prefix + "max_seq_len", tensors.size("pos_emb.emb.weight", 0))
        .number(prefix + "num_memory_tokens", tensors.size("memory_tokens", 0));
    for (var option : layers.config().properties()) {
      if (!option.getKey().equals("dim") && !option.getKey().equals("cross_attend")) {
        options.node(prefix + option.getKey(), option.getValue());
      }
    }
    layers.unknown().forEach(line -> options.unknown("of %s: %s".formatted(prefix, line)));
  }
}
