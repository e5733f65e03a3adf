package ai.transonnx.internal.guess;

import java.util.List;

/**
 * The options of x-transformers that change what layers compute, but no tensor. Those that do so
 * only with other options are listed where these are guessed.
 */
final class SilentOptions {
  private static final List<String> OF_LAYERS =
      List.of(
          "residual_attn",
          "attn_selective",
          "layer_dropout",
          "softclamp_output",
          "softclamp_output_value");

  private static final List<String> OF_ATTENTION =
      List.of(
          "flash",
          "sparse_topk",
          "max_attend_past",
          "qk_norm_groups",
          "qk_norm_scale",
          "add_zero_kv",
          "softclamp_logits",
          "logit_softclamp_value",
          "l2_distance",
          "sigmoid",
          "sigsoftmax",
          "hard",
          "cog_signed",
          "laser",
          "laser_softclamp_value",
          "project_out",
          "use_entmax15");

  private SilentOptions() {}

  /** Lists those of layers. */
  static void ofLayers(Options options) {
    OF_LAYERS.forEach(options::unknown);
  }

  /** Lists those of attention. */
  static void ofAttention(Options options, Origin origin) {
    OF_ATTENTION.forEach(options::unknown);
    if (!options.isSet("qk_norm") && !origin.isPort()) {
      options.unknown("qk_norm");
    }
  }
}
