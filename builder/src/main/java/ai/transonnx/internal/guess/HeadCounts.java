package ai.transonnx.internal.guess;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The number of attention heads, by tensors that have a dimension of all heads. */
final class HeadCounts {
  /** Tensors of attention, and their dimension of all heads. */
  private static final Map<String, Integer> OF_ATTENTION = ofAttention();

  /** Tensors of layers, and their dimension of all heads. */
  private static final Map<String, Integer> OF_LAYERS =
      Map.of(
          "^rel_pos\\.relative_attention_bias\\.weight$", 1,
          "^rel_pos\\.mlp\\.\\d+\\.weight$", 0,
          "^layer_integrators\\.\\d+\\.attn_pool\\.pooler\\.k_rmsnorm\\.gamma$", 0);

  private final Tensors tensors;
  private final Origin origin;

  HeadCounts(Tensors tensors, Origin origin) {
    this.tensors = tensors;
    this.origin = origin;
  }

  private static Map<String, Integer> ofAttention() {
    var heads = new LinkedHashMap<String, Integer>();
    heads.put("head_scale_params", 1);
    heads.put("pre_softmax_proj", 0);
    heads.put("pre_softmax_talking_heads.weight", 0);
    heads.put("attend.pre_softmax_talking_heads.weight", 0);
    heads.put("attend.post_softmax_talking_heads.weight", 0);
    heads.put("attend.pre_scale_post_talking_heads.weight", 0);
    heads.put("attend.cope.talking_heads.weight", 0);
    heads.put("attend.head_attn_sink", 0);
    heads.put("collab_mixing", 0);
    heads.put("to_v_head_gate.weight", 0);
    heads.put("q_rmsnorm.gamma", 0);
    heads.put("value_rmsnorm.gamma", 0);
    return heads;
  }

  /**
   * The number of heads, or 0 if no tensor determines it.
   *
   * @param modules those of self-attention, and those of cross-attention
   */
  long of(List<Tensors> modules) {
    for (var entry : OF_LAYERS.entrySet()) {
      long count = tensors.sizeLike(entry.getKey(), entry.getValue());
      if (count > 0) {
        return count;
      }
    }
    long polar = polar(modules.get(0));
    if (polar > 0) {
      return polar;
    }
    return modules.stream().mapToLong(this::ofModule).filter(n -> n > 0).findFirst().orElse(0);
  }

  /** The number of heads by the biases of polar embeddings: of all heads, or of one for each. */
  private long polar(Tensors module) {
    var biases = "polar_pos_emb.learned_bias";
    return switch (tensors.rank(biases)) {
      case 1 ->
          AttentionSizes.of(module, origin.isPort()).queries()
              / Math.max(1, tensors.size(biases, 0));
      case 3 -> tensors.size(biases, 0);
      default -> 0;
    };
  }

  private long ofModule(Tensors module) {
    for (var entry : OF_ATTENTION.entrySet()) {
      long count = module.size(entry.getKey(), entry.getValue());
      if (count > 0) {
        return count;
      }
    }
    if (module.rank("scale") == 4) { // of cosine similarities
      return module.size("scale", 1);
    }
    if (module.rank("qk_norm_q_scale") == 3) {
      return module.size("qk_norm_q_scale", 0);
    }
    var release = origin.profile().release();
    if (!origin.profile().attention().memoryHasKeyHeads() && module.has("mem_k")) {
      return module.size("mem_k", 0);
    }
    if (release.since("1.42.16") && module.has("to_value_residual_mix.0.weight")) {
      return module.size("to_value_residual_mix.0.weight", 0);
    }
    long curves = module.size("rel_proj_pos_bias.distance_bank", 0);
    if (curves > 0) {
      return module.size("rel_proj_pos_bias.to_distance_weights.0.weight", 0) / curves;
    }
    return gates(module);
  }

  /** The number of gates, if they are fewer than features. */
  private long gates(Tensors module) {
    long features = AttentionSizes.of(module, origin.isPort()).outputs();
    return Stream.of("to_output_gate.weight", "to_v_gate.weight")
        .mapToLong(gate -> module.size(gate, 0))
        .filter(gates -> gates > 0 && gates < features)
        .findFirst()
        .orElse(0);
  }
}
