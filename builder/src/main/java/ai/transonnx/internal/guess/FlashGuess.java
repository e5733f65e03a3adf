package ai.transonnx.internal.guess;

import java.util.Optional;

/** FLASHTransformer, FLASH and GAU. */
final class FlashGuess {
  private static final String LIBRARY = "FLASH-pytorch";

  private FlashGuess() {}

  static Optional<Guess> of(Tensors all) {
    return all.around("layers.0.qk_offset_scale.gamma")
        .map(FlashGuess::transformer)
        .or(() -> all.around("qk_offset_scale.gamma").map(layer -> layer(layer, "FLASH")))
        .or(() -> all.around("offsetscale.gamma").map(layer -> layer(layer, "GAU")));
  }

  private static Guess transformer(Tensors tensors) {
    var options =
        new Options("FLASHTransformer")
            .number("num_tokens", tensors.size("token_emb.weight", 0))
            .number("depth", tensors.indices("layers\\.(\\d+)\\.").size())
            .text("norm_type", tensors.has("layers.0.norm.g") ? "scalenorm" : "layernorm");
    sizes(tensors.under("layers.0."), options);
    return options
        .unknown("group_size, causal, shift_tokens and the function of the attention: no weights")
        .guess(LIBRARY);
  }

  private static Guess layer(Tensors tensors, String className) {
    var options = new Options(className);
    sizes(tensors, options);
    options.unknown("causal and the function of the attention: they have no weights");
    if (className.equals("FLASH")) {
      options.unknown("group_size: it has no weights");
    }
    return options.guess(LIBRARY);
  }

  private static void sizes(Tensors layer, Options options) {
    long dim = layer.size("to_hidden.0.weight", 1);
    options
        .number("dim", dim)
        .number("query_key_dim", layer.size("to_qk.0.weight", 0))
        .ratio("expansion_factor", layer.size("to_hidden.0.weight", 0) / 2, dim);
  }
}
