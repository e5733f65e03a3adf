package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Repeated passes through the layers. Immutable.
 *
 * @param count the number of passes
 * @param isLoop whether the output of a pass is the input of the next one
 * @param recycled the projection of a pass's output, which is added to the first input; null unless
 *     outputs are recycled
 */
public record Passes(int count, boolean isLoop, @Nullable Linear recycled) {
  /** One pass. */
  public static final Passes ONE = new Passes(1, false, null);

  /** Weights that the class has but no graph uses. */
  Set<String> unusedWeights() {
    if (isLoop) {
      return Set.of("exit_gate.*");
    }
    return recycled != null && count == 1 ? Set.of("recycled_proj.*") : Set.of();
  }

  /**
   * Applies the layers.
   *
   * @param scope the wrapper's scope
   * @param x {@code [b, n, d]}
   */
  LayerStack.Result of(Scope scope, StackPlan plan, Value x, LayerInputs inputs) {
    var module = scope.child("attn_layers");
    var input = x;
    for (int pass = 0; pass < count - 1; pass++) {
      var out = LayerStack.of(plan, module, input, ofPass(inputs, pass)).out();
      input = recycled == null ? out : scope.add(x, recycled.of(scope.child("recycled_proj"), out));
    }
    return LayerStack.of(plan, module, input, inputs);
  }

  /** The state of each pass, except the last, has names of its own. */
  private static LayerInputs ofPass(LayerInputs inputs, int pass) {
    var step = inputs.step();
    return step == null ? inputs : inputs.withStep(step.ofPass(pass));
  }
}
