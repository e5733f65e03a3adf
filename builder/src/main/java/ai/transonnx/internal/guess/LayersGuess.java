package ai.transonnx.internal.guess;

import java.util.LinkedHashMap;
import java.util.Map;

/** The attention layers of x-transformers and of its port. */
final class LayersGuess {
  /** The options that add tensors of a certain name. */
  private static final Map<String, String> FLAGS = flags();

  private final Tensors tensors;
  private final Origin origin;
  private final boolean isPaddle;
  private final LayerSequence.Context context;
  private final Options options = new Options();

  private LayersGuess(Tensors tensors, Origin origin, LayerSequence.Context context) {
    this.tensors = tensors;
    this.origin = origin;
    this.isPaddle = origin.isPort();
    this.context = context;
  }

  private static Map<String, String> flags() {
    var flags = new LinkedHashMap<String, String>();
    flags.put("use_rezero", "^layers\\.\\d+\\.1\\.g$");
    flags.put("gate_residual", "^layers\\.\\d+\\.2\\.gru\\.");
    flags.put("scale_residual", "^layers\\.\\d+\\.2\\.residual_scale$");
    flags.put("attn_talking_heads", "\\.pre_softmax_(talking_heads\\.|proj$)");
    flags.put("attn_head_scale", "\\.head_scale_params$");
    flags.put("attn_gate_values", "\\.to_v_gate\\.");
    flags.put("attn_on_attn", "\\.to_out\\.0\\.weight$");
    flags.put("attn_tensor_product", "\\.to_r\\.weight$");
    flags.put("attn_qk_norm_dim_scale", "\\.qk_norm_q_scale$");
    flags.put("attn_collab_heads", "\\.collab_mixing$");
    flags.put("ff_glu", "\\.(ff|net)\\.0\\.proj\\.");
    flags.put("ff_post_act_ln", "\\.(ff|net)\\.1\\.");
    flags.put("rel_pos_bias", "^rel_pos\\.relative_attention_bias\\.");
    flags.put("dynamic_pos_bias", "^rel_pos\\.mlp\\.");
    flags.put("dynamic_pos_bias_norm", "^rel_pos\\.mlp\\.0\\.1\\.");
    flags.put("alibi_pos_bias", "^rel_pos\\.learned_logslopes$");
    flags.put("alibi_learned", "^rel_pos\\.learned_logslopes$");
    flags.put("rotary_pos_emb", "^rotary_pos_emb\\.inv_freq$");
    flags.put("rotary_xpos", "^rotary_pos_emb\\.scale$");
    flags.put("position_infused_attn", "^pia_pos_emb\\.");
    flags.put("ff_glu_mult_bias", "\\.ff\\.0\\.mult_bias$");
    flags.put("attn_gate_value_heads", "\\.to_v_head_gate\\.");
    flags.put("attn_value_rmsnorm", "\\.value_rmsnorm\\.");
    flags.put("attn_qk_rmsnorm", "\\.q_rmsnorm\\.");
    flags.put("attn_head_learned_sink", "\\.attend\\.head_attn_sink$");
    flags.put("attn_use_cope", "\\.cope\\.pos_emb$");
    flags.put("use_layerscale", "^layers\\.\\d+\\.1\\.gamma$");
    flags.put("use_adaptive_layerscale", "^layers\\.\\d+\\.1\\.to_gamma\\.");
    flags.put("use_dynamic_tanh", "^layers\\.\\d+\\.0\\.\\d\\.pre_tanh_scale$");
    flags.put("adaptive_condition_mlp", "^adaptive_mlp\\.");
    flags.put("unet_skips", "^skip_combines\\.");
    flags.put("reinject_input", "^reinject_input_proj\\.");
    flags.put("add_value_residual", "\\.to_value_residual_mix\\.");
    flags.put("learned_value_residual_mix", "\\.to_value_residual_mix\\.");
    flags.put("integrate_layers", "^layer_integrators\\.");
    flags.put("polar_pos_emb", "^polar_pos_emb\\.");
    return flags;
  }

  static Options of(Tensors tensors, Origin origin, LayerSequence.Context context) {
    var guess = new LayersGuess(tensors, origin, context);
    guess.options.number("dim", guess.dim());
    FLAGS.forEach((option, pattern) -> guess.options.flag(option, tensors.hasLike(pattern)));
    new LayerSequence(tensors, context, guess.options).guess();
    guess.norms();
    guess.residuals();
    new AttentionGuess(tensors, origin.isPort(), guess.options).guess();
    guess.scores();
    guess.feedForward();
    guess.biases();
    guess.rotary();
    return guess.options;
  }

  private long dim() {
    int inputs = isPaddle ? 0 : 1;
    long dim = tensors.sizeLike("\\.to_q\\.weight$", inputs);
    return dim > 0 ? dim : tensors.sizeLike("\\.(ff|net)\\.0\\.(0|proj)\\.weight$", inputs);
  }

  /** Norms of a layer: 0 of its input, 1 of its output, 2 of the sum. */
  private void norms() {
    long scales = tensors.sizeLike("^layers\\.\\d+\\.0\\.\\d\\.g$", 0);
    options.flag("use_scalenorm", scales == 1).flag("use_rmsnorm", scales > 1);
    if (tensors.hasLike("^layers\\.\\d+\\.0\\.2\\.")) {
      options.off("pre_norm");
    }
    boolean isSandwich = false;
    boolean hasOutputNorm = false;
    for (int layer : tensors.indices("layers\\.(\\d+)\\.0\\.1\\.")) {
      boolean hasInputNorm = tensors.hasUnder("layers.%s.0.0.".formatted(layer));
      isSandwich |= hasInputNorm;
      hasOutputNorm |= !hasInputNorm;
    }
    boolean hasTemperature = tensors.hasLike("^layers\\.\\d+\\.1\\.(fn\\.)*scale$");
    options
        .flag("sandwich_norm", isSandwich)
        .flag("use_qk_norm_attn", hasTemperature && hasOutputNorm)
        .flag("attn_qk_norm", hasTemperature && !hasOutputNorm);
  }

  private void residuals() {
    if (isPaddle) {
      return;
    }
    if (!options.isSet("gate_residual")) {
      options.unknown("scale_residual_constant");
    }
    if (options.isSet("pre_norm") && options.isSet("scale_residual")) {
      options.unknown("deepnorm");
    }
  }

  private void scores() {
    options.unknown("residual_attn", "attn_sparse_topk", "attn_max_attend_past");
    if (context != LayerSequence.Context.NONE) {
      options.unknown("cross_residual_attn");
    }
    if (isPaddle) {
      options.unknown("attn_use_entmax15");
      return;
    }
    if (options.isSet("attn_qk_norm_dim_scale")) {
      options.flag("attn_qk_norm", true);
    } else {
      options.unknown("attn_qk_norm");
    }
    options.unknown("attn_qk_norm_groups", "attn_qk_norm_scale", "layer_dropout");
  }

  private void feedForward() {
    var names = origin.profile().keys().feedForward(options.isSet("ff_post_act_ln"));
    String last = "\\.%s\\.%s\\.".formatted(names.module(), names.last());
    long hidden = tensors.sizeLike(last + "weight$", isPaddle ? 0 : 1);
    if (hidden == 0) {
      return;
    }
    options.ratio("ff_mult", hidden, dim()).unknown("ff_relu_squared");
    if (!isPaddle) {
      options.unknown("ff_swish");
      options.flag("ff_no_bias", !tensors.hasLike(last + "bias$"));
    }
  }

  private void biases() {
    long buckets = tensors.size("rel_pos.relative_attention_bias.weight", 0);
    long slopes = tensors.size("rel_pos.learned_logslopes", isPaddle ? 1 : 0);
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
      options.unknown("alibi_pos_bias", "alibi_num_heads");
    }
  }

  /** At least 32 features are rotated; n frequencies belong to 2n features or to 2n - 1. */
  private void rotary() {
    long frequencies = tensors.size("rotary_pos_emb.inv_freq", 0);
    if (frequencies == 16) {
      options.number("rotary_emb_dim", 32);
    } else if (frequencies > 16) {
      options.hint("rotary_emb_dim", "%s or %s".formatted(2 * frequencies - 1, 2 * frequencies));
    }
    if (options.isSet("rotary_xpos")) {
      options.unknown("rotary_xpos_scale_base");
    }
  }
}
