package ai.transonnx.internal.guess;

import java.util.Optional;

/** FLASHTransformer, FLASH and GAU. */
final class FlashGuess {
  private static final String LIBRARY = "FLASH-pytorch";
  private static final String[] GROUPS = {"group_size", "reduce_group_non_causal_attn"};

  private FlashGuess() {}

  static Optional<Guess> of(Tensors all) {
    return all.around("layers.0.qk_offset_scale.gamma")
        .map(FlashGuess::transformer)
        .or(() -> all.around("qk_offset_scale.gamma").map(FlashGuess::flash))
        .or(() -> all.around("offsetscale.gamma").map(FlashGuess::gau))
        .map(options -> options.guess(LIBRARY));
  }

  private static Options transformer(Tensors tensors) {
    var options =
        new Options("FLASHTransformer")
            .number("num_tokens", tensors.size("token_emb.weight", 0))
            .number("depth", tensors.indices("layers\\.(\\d+)\\.").size())
            .text("norm_type", tensors.has("layers.0.norm.g") ? "scalenorm" : "layernorm");
    return unit(tensors.under("layers.0."), options).unknown(GROUPS).unknown("shift_tokens");
  }

  private static Options flash(Tensors tensors) {
    var options = layer(tensors, "FLASH").unknown(GROUPS).unknown("shift_tokens");
    long frequencies = tensors.size("rotary_pos_emb.freqs", 0);
    return frequencies == 0
        ? options
        : options.hint("rotary_pos_emb", "an object; it has %s frequencies".formatted(frequencies));
  }

  private static Options gau(Tensors tensors) {
    return layer(tensors, "GAU").unknown("add_residual");
  }

  private static Options layer(Tensors tensors, String className) {
    var options =
        new Options(className)
            .text("norm_klass", tensors.has("norm.g") ? "ScaleNorm" : "LayerNorm");
    return unit(tensors, options);
  }

  /** The options of a gated attention unit. */
  private static Options unit(Tensors layer, Options options) {
    long dim = layer.size("to_hidden.0.weight", 1);
    return options
        .number("dim", dim)
        .number("query_key_dim", layer.size("to_qk.0.weight", 0))
        .ratio("expansion_factor", layer.size("to_hidden.0.weight", 0) / 2, dim)
        .unknown("causal", "laplace_attn_fn");
  }
}
