package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.ContextualPositions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Lists weights that a class has but does not use. */
final class UnusedWeights {
  private static final String LOSS = "loss";

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
    var onMasked = plan.self().parts().scores().onMasked();
    if (onMasked.stream().anyMatch(ContextualPositions.class::isInstance)) {
      names.add(prefix + "layers.*.attend.cope.positions");
    }
    if (plan.selfAttentions() == 0) {
      names.add(prefix + "rel_pos.*");
      names.add(prefix + "rotary_pos_emb.*");
      names.add(prefix + "polar_pos_emb.*");
      names.add(prefix + "pia_pos_emb.*");
    }
    return names;
  }

  /** The weights of the outputs of a wrapper that are not requested. */
  static Set<String> of(OutputPlan plan, List<String> requested) {
    var names = new HashSet<String>();
    boolean needsLogits = requested.contains(LOSS);
    for (var head : plan.heads()) {
      boolean isRequested = requested.contains(LOSS) || requested.contains(head.output());
      needsLogits |= isRequested;
      var projection = head.projection();
      if (projection == null) {
        names.add("to_logits.*");
      } else if (!isRequested) {
        names.add(String.join(".", projection.path()) + ".*");
      }
    }
    for (var side : plan.others()) {
      boolean isRequested = requested.contains(side.output());
      if (!isRequested && !(requested.contains(LOSS) && side == SideHead.NUMBER)) {
        names.add(side.module() + ".*");
      }
    }
    if (plan.pooling() instanceof Pooling.Attended && !requested.contains(TokenOutputs.POOLED)) {
      names.add("attn_pool.*");
    }
    if (!needsLogits && plan.mixture() > 0) {
      names.add("combine_mixture.*");
    }
    return names;
  }
}
