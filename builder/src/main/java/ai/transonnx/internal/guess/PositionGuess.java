package ai.transonnx.internal.guess;

/** The position biases and position embeddings of attention of x-transformers. */
final class PositionGuess {
  private final Tensors tensors;
  private final Origin origin;
  private final Options options;

  PositionGuess(Tensors tensors, Origin origin, Options options) {
    this.tensors = tensors;
    this.origin = origin;
    this.options = options;
  }

  void guess() {
    biases();
    if (options.isSet("rotary_pos_emb")) {
      rotary();
    }
  }

  private void biases() {
    long buckets = tensors.size("rel_pos.relative_attention_bias.weight", 0);
    long slopes = tensors.size("rel_pos.learned_logslopes", origin.isPort() ? 1 : 0);
    int layers = tensors.indices("rel_pos\\.mlp\\.(\\d+)\\.").size();
    options
        .number("rel_pos_num_buckets", buckets)
        .number("alibi_num_heads", slopes)
        .number("dynamic_pos_bias_mlp_depth", Math.max(0, layers - 1));
    if (buckets > 0) {
      options.unknown("rel_pos_max_distance");
    } else if (layers > 0) {
      options.unknown("dynamic_pos_bias_log_distance");
    } else if (slopes == 0) {
      options.unknown("alibi_pos_bias", "alibi_num_heads", "rel_pos_kwargs");
    }
  }

  /** A least number of features is rotated; n frequencies belong to 2n features or to 2n - 1. */
  private void rotary() {
    long frequencies = tensors.size("rotary_pos_emb.inv_freq", 0);
    int least = origin.profile().positions().leastRotated();
    if (2 * frequencies == least) {
      options.number("rotary_emb_dim", least);
    } else {
      var sizes = "%s or %s".formatted(2 * frequencies - 1, 2 * frequencies);
      options.hint("rotary_emb_dim", sizes + ", half of attn_dim_head by default");
    }
    options
        .unknown("rotary_interpolation_factor", "rotary_base_rescale_factor", "rotate_num_heads")
        .unknown("attn_rotary_embed_values", "attn_rotate_num_heads");
    if (options.isSet("rotary_xpos")) {
      options.unknown("rotary_xpos_scale_base");
    }
  }
}
