package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.ValueMix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer of a stack with its norms and wrappers. Immutable.
 *
 * @param module the index of the layer's module in {@code layers}
 * @param skip combines the layer's input with that of an earlier layer; or null
 * @param norms the layer's norms
 * @param wrappers the modules around its attention or feedforward module, from the outside in
 * @param connection the connection to the values between layers
 * @param valueMix the way in which values are mixed with those of the first layer of its kind; or
 *     null
 * @param integration computes the layer's input from those of all layers so far; or null
 */
public record LayerPlan(
    LayerKind kind,
    int module,
    @Nullable SkipConnection skip,
    LayerNorms norms,
    List<BranchWrapper> wrappers,
    Connection connection,
    @Nullable ValueMix valueMix,
    @Nullable LayerIntegration integration) {
  public LayerPlan {
    wrappers = List.copyOf(wrappers);
  }

  /** Whether the layer's output depends on inputs of other positions in any case. */
  boolean mixesPositions() {
    return wrappers.stream().anyMatch(BranchWrapper.TokenShift.class::isInstance);
  }
}
