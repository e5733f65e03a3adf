package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Checks that no option is set that the library refuses with {@code flash}. */
final class FlashCheck {
  private FlashCheck() {}

  /**
   * Checks the options of layers.
   *
   * @throws ConfigException if an option cannot be combined with {@code attn_flash}
   */
  static void check(
      AttentionOptions attention,
      AttentionOptions crossAttention,
      BiasOptions biases,
      boolean residualAttn,
      boolean crossResidualAttn) {
    if (attention.keyValues().flash()) {
      var refused = new LinkedHashMap<String, Boolean>();
      refused.put("rel_pos_bias", biases.relPosBias());
      refused.put("dynamic_pos_bias", biases.dynamicPosBias());
      refused.put("residual_attn", residualAttn);
      refused.put("cross_residual_attn", crossResidualAttn);
      refuse("attn_", refused);
    }
    checkScores("attn_", attention);
    checkScores("cross_attn_", crossAttention);
  }

  private static void checkScores(String prefix, AttentionOptions attention) {
    if (attention.keyValues().flash()) {
      var refused = new LinkedHashMap<String, Boolean>();
      refused.put(prefix + "use_cope", attention.inputBiases().useCope());
      attention.scores().refusedWithFlash().forEach((key, set) -> refused.put(prefix + key, set));
      refused.put(prefix + "talking_heads", attention.talkingHeads());
      refused.put(prefix + "sparse_topk", attention.sparseTopk() != null);
      refuse(prefix, refused);
    }
  }

  private static void refuse(String prefix, Map<String, Boolean> options) {
    options.forEach(
        (option, isSet) -> {
          if (isSet) {
            throw new ConfigException(
                "'%sflash' is true; it must be false with '%s', which the library refuses to combine with it"
                    .formatted(prefix, option));
          }
        });
  }
}
