package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Checks the options of the values between layers against other options, with which the library
 * raises errors or computes results that depend on the batch size.
 *
 * @param selfAttentions the number of layers with self-attention
 */
record StreamChecks(LayerOptions options, long selfAttentions) {
  /**
   * Checks the options.
   *
   * @throws ConfigException if they cannot be combined
   */
  void check() {
    var streams = options.streams();
    if (streams.areSeveral()) {
      refuse("num_residual_streams", residuals());
      refuse(
          "num_residual_streams",
          Map.of(
              "reinject_input", options.branches().reinjectInput(),
              "resi_dual", options.residuals().resiDual()));
    }
    if (options.residuals().gateResidual()) {
      var others = residuals();
      others.remove("gate_residual");
      refuse("gate_residual", others);
    }
    boolean integrates = streams.integrateLayers() || streams.attnAggregatedResiduals();
    if (streams.qkvReceiveDiffResiduals() && !streams.areSeveral() && !integrates) {
      throw new ConfigException(
          "'qkv_receive_diff_residuals' is true; it needs 'num_residual_streams' above 1,"
              + " 'integrate_layers' or 'attn_aggregated_residuals'");
    }
    if (streams.attnAggregatedResiduals()) {
      refuse("attn_aggregated_residuals", residuals());
      boolean differ = streams.areSeveral() && streams.qkvReceiveDiffResiduals();
      refuse("attn_aggregated_residuals", Map.of("num_residual_streams", differ));
    }
    if (streams.integrateLayers()) {
      refuse(
          "integrate_layers",
          Map.of(
              "layers_execute_order",
              options.layout().reuse().layersExecuteOrder() != null,
              "weight_tie_layers",
              options.layout().reuse().weightTieLayers()));
    }
    if (selfAttentions > (streams.integrateLayers() ? 1 : 0) && streams.makeViews()) {
      var attention = options.attention();
      refuse(
          streams.integrateLayers() ? "integrate_layers" : "qkv_receive_diff_residuals",
          Map.of(
              "attn_num_mem_kv",
              attention.numMemKv() > 0,
              "attn_gate_values",
              attention.gateValues(),
              "attn_gate_value_heads",
              attention.gates().gateValueHeads(),
              "attn_use_latent_kv",
              attention.latent().useLatentKv(),
              "attn_data_dependent_alibi",
              attention.inputBiases().dataDependentAlibi(),
              "shift_tokens",
              Collections.max(options.layout().shiftTokens()) > 1));
    }
  }

  private Map<String, Boolean> residuals() {
    var residuals = new LinkedHashMap<String, Boolean>();
    residuals.put("gate_residual", options.residuals().gateResidual());
    residuals.put("orthog_residual", options.streams().orthogResidual());
    residuals.put("mv_split_residual", options.streams().mvSplitResidual());
    return residuals;
  }

  private static void refuse(String key, Map<String, Boolean> others) {
    others.forEach(
        (other, isSet) -> {
          if (isSet) {
            throw new ConfigException(
                "'%s' and '%s' cannot be combined; the library raises an error with both"
                    .formatted(key, other));
          }
        });
  }
}
