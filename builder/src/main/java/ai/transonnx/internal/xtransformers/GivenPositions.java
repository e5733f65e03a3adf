package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.attention.LinearBias;
import ai.transonnx.graph.Value;
import org.jspecify.annotations.Nullable;

/** Explicit positions of a call, which also apply to attention. */
final class GivenPositions {
  private GivenPositions() {}

  /**
   * The inputs of layers with explicit positions, if these apply to attention.
   *
   * @param positions int64 {@code [b, n]}, {@code [1, n]} or {@code [n]}, or position embeddings;
   *     null for those from 0 on
   * @param coversAll whether they are the positions of all that the layers are given
   * @throws InputException if the library refuses positions with these layers
   */
  static LayerInputs passedOn(
      LayerInputs inputs, StackPlan plan, @Nullable Value positions, boolean coversAll) {
    var encoded = plan.self().positions();
    if (positions == null || positions.elements().isFloatingPoint() || !encoded.acceptsGiven()) {
      return inputs;
    }
    boolean hasMemories =
        !inputs.memories().isEmpty()
            || (inputs.step() != null && inputs.step().recurrence() != null);
    if (hasMemories || !coversAll) {
      throw new InputException(
          "input 'pos' gives the positions of tokens only; it cannot be combined with memories,"
              + " memory tokens or 'prepend_embeds', which attention needs the positions of as"
              + " well");
    }
    if (encoded.bias() != null && !(encoded.bias().ofSequence() instanceof LinearBias)) {
      throw new InputException(
          "input 'pos' cannot be combined with 'rel_pos_bias' or 'dynamic_pos_bias', which count"
              + " positions themselves");
    }
    if (encoded.polar() != null && positions.rank() == 2 && !positions.dim(0).is(1)) {
      throw new InputException(
          "input 'pos' cannot differ between sequences with 'polar_pos_emb'; request 'pos:n'");
    }
    return inputs.withPositions(positions);
  }

  /** Whether a call gives positions that also apply to attention. */
  static boolean areOfAttention(StackPlan plan, BuildContext context) {
    return plan.self().positions().acceptsGiven()
        && context.form(GraphInputs.POS).isPresent()
        && !GraphInputs.givesEmbeddings(context);
  }
}
