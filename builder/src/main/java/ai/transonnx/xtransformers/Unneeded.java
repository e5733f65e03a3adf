package ai.transonnx.xtransformers;

import java.util.Set;

/** Weights that a class has and does not use. */
final class Unneeded {
  private Unneeded() {}

  /** The positions' weights of layers that do not attend to their own sequence. */
  static Set<String> of(StackPlan plan, String prefix) {
    return plan.selfAttentions() > 0
        ? Set.of()
        : Set.of(prefix + "rel_pos.*", prefix + "rotary_pos_emb.*", prefix + "pia_pos_emb.*");
  }
}
