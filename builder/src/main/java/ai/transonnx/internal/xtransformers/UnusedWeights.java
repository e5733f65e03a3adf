package ai.transonnx.internal.xtransformers;

import java.util.HashSet;
import java.util.Set;

/** Lists weights that a class has but does not use. */
final class UnusedWeights {
  private UnusedWeights() {}

  /**
   * The weights of layers that are never executed, and the position weights of stacks without
   * self-attention, as names or patterns with {@code *}.
   */
  static Set<String> of(StackPlan plan, String prefix) {
    var names = new HashSet<String>();
    if (plan.injection().gated() && !plan.injection().projects()) {
      names.add(prefix + "learned_reinject_input_gate.*");
    }
    plan.unused().forEach(module -> names.add(prefix + module + ".*"));
    if (plan.selfAttentions() == 0) {
      names.add(prefix + "rel_pos.*");
      names.add(prefix + "rotary_pos_emb.*");
      names.add(prefix + "pia_pos_emb.*");
    }
    return names;
  }
}
