package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.attention.ValueMix;

/** Checks that self-attention can be combined with memories of earlier segments. */
final class MemoryCheck {
  private MemoryCheck() {}

  /**
   * Checks a stack that is called with memories.
   *
   * @throws InputException if the library refuses memories; the message states the reason
   */
  static void check(StackPlan plan) {
    var bias = plan.self().bias();
    if (plan.self().parts().outputs().orthogonal() != null) {
      throw new InputException(
          "memories cannot be combined with 'attn_orthog_projected_values', which needs as many"
              + " values as outputs");
    }
    if (bias != null && bias.isSquare()) {
      throw new InputException(
          "memories cannot be combined with 'dynamic_pos_bias', which needs as many queries as"
              + " keys");
    }
    if (plan.self().positions().polar() != null) {
      throw new InputException(
          "memories cannot be combined with 'polar_pos_emb', which has no positions of them");
    }
    if (plan.self().parts().scores().areSquare()) {
      throw new InputException(
          "memories cannot be combined with 'attn_data_dependent_alibi', which computes no gates of"
              + " them");
    }
    for (var layer : plan.layers()) {
      boolean isSelf = layer.kind() == LayerKind.ATTENTION;
      if (isSelf && layer.valueMix() instanceof ValueMix.Learned) {
        throw new InputException(
            "memories cannot be combined with 'learned_value_residual_mix', which has no weight for"
                + " their values");
      }
      if (isSelf && layer.valueMix() instanceof ValueMix.OutputDifference) {
        throw new InputException(
            "memories cannot be combined with 'attn_neutreno_value_residual', since their values"
                + " have no position in the output");
      }
    }
  }
}
