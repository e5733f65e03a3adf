package ai.transonnx.internal.guess;

import java.util.LinkedHashMap;
import java.util.Map;

/** Options that add tensors of certain names to the layers of x-transformers. */
final class Features {
  /** The option of each name. */
  private static final Map<String, String> FLAGS = flags();

  private Features() {}

  private static Map<String, String> flags() {
    var flags = new LinkedHashMap<String, String>();
    flags.put("use_rezero", "^layers\\.\\d+\\.1\\.g$");
    flags.put("gate_residual", "^layers\\.\\d+\\.2\\.gru\\.");
    flags.put("scale_residual", "^layers\\.\\d+\\.2\\.residual_scale$");
    flags.put("rel_pos_bias", "^rel_pos\\.relative_attention_bias\\.");
    flags.put("dynamic_pos_bias", "^rel_pos\\.mlp\\.");
    flags.put("dynamic_pos_bias_norm", "^rel_pos\\.mlp\\.0\\.1\\.");
    flags.put("alibi_pos_bias", "^rel_pos\\.learned_logslopes$");
    flags.put("alibi_learned", "^rel_pos\\.learned_logslopes$");
    flags.put("rotary_pos_emb", "^rotary_pos_emb\\.inv_freq$");
    flags.put("rotary_xpos", "^rotary_pos_emb\\.scale$");
    flags.put("polar_pos_emb", "^polar_pos_emb\\.");
    flags.put("position_infused_attn", "^pia_pos_emb\\.");
    flags.put("use_layerscale", "^layers\\.\\d+\\.1\\.gamma$");
    flags.put("use_adaptive_layerscale", "^layers\\.\\d+\\.1\\.(fn\\.)?to_gamma\\.");
    flags.put("use_dynamic_tanh", "^layers\\.\\d+\\.0\\.\\d\\.pre_tanh_scale$");
    flags.put("use_derf", "^layers\\.\\d+\\.0\\.\\d\\.alpha$");
    flags.put("adaptive_condition_mlp", "^adaptive_mlp\\.");
    flags.put("unet_skips", "^skip_combines\\.");
    flags.put("reinject_input", "^reinject_input_proj\\.");
    flags.put("learned_reinject_input_gate", "^learned_reinject_input_gate\\.");
    flags.put("add_value_residual", "\\.to_value_residual_mix\\.");
    flags.put("learned_value_residual_mix", "\\.to_value_residual_mix\\.");
    flags.put("integrate_layers", "^layer_integrators\\.\\d+\\.to_weights\\.");
    flags.put("attn_aggregated_residuals", "^layer_integrators\\.\\d+\\.attn_pool\\.");
    flags.put("attn_residuals_last_output_as_query", "^layer_integrators\\.\\d+\\.to_queries\\.");
    flags.put("mv_split_residual", "^layers\\.\\d+\\.2\\.(to_)?alpha");
    return flags;
  }

  /** Sets the options whose tensors exist. */
  static void guess(Tensors tensors, Options options) {
    FLAGS.forEach((option, pattern) -> options.flag(option, tensors.hasLike(pattern)));
  }
}
