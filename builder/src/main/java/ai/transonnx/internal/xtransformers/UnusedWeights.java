package ai.transonnx.internal.xtransformers;

import java.util.HashSet;
import java.util.Set;

/** Weights that a class has and does not use. */
final class UnusedWeights {
  private UnusedWeights() {}

  /**
   * The weights of layers that are never run, and the positions' weights of layers that do not
   * attend to their own sequence.
   */
  static Set<String> of(StackPlan plan, String prefix) {
    var names = new HashSet<String>();
    int run = plan.layers().size();
    for (int i = run; i < run + plan.idle(); i++) {
      names.add(prefix + "layers." + i + ".*");
    }
    if (plan.selfAttentions() == 0) {
      names.add(prefix + "rel_pos.*");
      names.add(prefix + "rotary_pos_emb.*");
      names.add(prefix + "pia_pos_emb.*");
    }
    return names;
  }
}
