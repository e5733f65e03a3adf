package ai.transonnx.internal.guess;

/** The options of the absolute position embeddings of a wrapper of x-transformers. */
final class WrapperPositionsGuess {
  private WrapperPositionsGuess() {}

  /**
   * Adds the options.
   *
   * @param layers the options of the layers, some of which replace absolute positions
   */
  static void guess(Tensors tensors, Options layers, Options options) {
    boolean replaced =
        layers.isSet("rel_pos_bias")
            || layers.isSet("rotary_pos_emb")
            || layers.isSet("position_infused_attn")
            || layers.isSet("polar_pos_emb");
    boolean exist = tensors.hasUnder("pos_emb.");
    options
        .required("max_seq_len", tensors.size("pos_emb.emb.weight", 0))
        .flag("scaled_sinu_pos_emb", tensors.has("pos_emb.scale"));
    if (exist && replaced) {
      layers.off("disable_abs_pos_emb");
    } else if (!exist && !replaced) {
      options.off("use_abs_pos_emb");
    }
  }
}
