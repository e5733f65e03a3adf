package ai.transonnx.internal.guess;

/** The parts of an attention layer of x-transformers that have tensors of their own. */
final class AttentionPartsGuess {
  private static final String FORGET_GATES = "data_dependent_alibi.to_forget_gates.0.";

  private final Tensors module;
  private final long outputs;
  private final Options layers;
  private final Options options;

  /**
   * A guess.
   *
   * @param outputs the number of features of all heads' outputs
   * @param layers the options of the layers
   * @param options those of the attention, to which it adds
   */
  AttentionPartsGuess(Tensors module, long outputs, Options layers, Options options) {
    this.module = module;
    this.outputs = outputs;
    this.layers = layers;
    this.options = options;
  }

  void guess() {
    boolean temperate = module.rank("scale") == 4 && !layers.isSet("use_qk_norm_attn");
    boolean scaled = module.has("qk_norm_q_scale");
    options
        .flag("qk_norm_dim_scale", scaled)
        .flag("qk_norm", scaled || temperate)
        .flag("gate_value_heads", module.hasUnder("to_v_head_gate."))
        .flag("value_rmsnorm", module.hasUnder("value_rmsnorm."))
        .flag("qk_rmsnorm", module.hasUnder("q_rmsnorm."))
        .flag("k_rmsnorm", module.hasUnder("k_rmsnorm.") && !module.hasUnder("q_rmsnorm."))
        .flag("head_learned_sink", module.has("attend.head_attn_sink"));
    orthogonal();
    gate("gate_values", "to_v_gate.");
    gate("output_gate", "to_output_gate.");
    positions();
    forgetting();
  }

  /** Of the heads' outputs, there may be two copies. */
  private void orthogonal() {
    if (outputs > 0 && width() == 2 * outputs) {
      options.flag("orthog_projected_values", true).flag("orthog_projected_values_per_head", true);
    } else {
      options.unknown("orthog_projected_values", "orthog_projected_values_per_head");
    }
  }

  private long width() {
    long gated = module.size("to_out.0.weight", 1);
    return gated > 0 ? gated : module.size("to_out.weight", 1);
  }

  /** A gate for each feature or each head, whose projection may have a low rank. */
  private void gate(String option, String name) {
    boolean isLow = module.has(name + "up.weight");
    long gates = module.size(name + (isLow ? "up.weight" : "weight"), 0);
    if (gates == 0) {
      return;
    }
    options
        .flag(option, true)
        .number(option + "_rank", module.size(name + "down.weight", 0))
        .flag(option + "_headwise", gates < outputs)
        .unknown("swiglu_values");
    if (isLow) {
      options.unknown("low_rank_silu_gates");
    }
  }

  private void positions() {
    options
        .flag("use_cope", module.has("attend.cope.pos_emb"))
        .number("cope_max_pos", module.size("attend.cope.pos_emb", 0))
        .flag("cope_talking_heads", module.hasUnder("attend.cope.talking_heads."))
        .flag("cope_soft_onehot_pos", module.has("attend.cope.positions"))
        .flag("use_rel_proj_pos_bias", module.hasUnder("rel_proj_pos_bias."))
        .number("rel_proj_num_distance_basis", module.size("rel_proj_pos_bias.distance_bank", 0))
        .number("rel_proj_max_dist", module.size("rel_proj_pos_bias.distance_bank", 1));
  }

  private void forgetting() {
    long gates = module.size(FORGET_GATES + "weight", 0);
    if (gates == 0) {
      return;
    }
    options.flag("data_dependent_alibi", true).unknown("data_dependent_alibi_kwargs");
    if (module.has(FORGET_GATES + "bias")) {
      return;
    }
    options.flag("data_dependent_alibi_per_row", true);
    long heads = layers.value("heads");
    if (heads > 0 && !layers.isUnknown("heads")) {
      options.number("data_dependent_alibi_per_row_dim_head", gates / 2 / heads);
    } else {
      options.hint("data_dependent_alibi_per_row_dim_head", "2 * heads times it is " + gates);
    }
  }
}
