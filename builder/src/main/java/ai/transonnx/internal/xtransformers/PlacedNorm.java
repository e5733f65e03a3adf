package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Norm;
import ai.transonnx.op.Scope;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A norm and the position of its module. Immutable.
 *
 * @param path the names of the modules from the parent's to the norm's
 * @param factor the normalized features are multiplied by this function of the condition plus 1;
 *     null if they are not
 */
public record PlacedNorm(List<String> path, Norm norm, @Nullable ConditionedFactor factor) {
  public PlacedNorm {
    path = List.copyOf(path);
  }

  /** A norm that depends on no condition. */
  public PlacedNorm(List<String> path, Norm norm) {
    this(path, norm, null);
  }

  /**
   * Applies the norm.
   *
   * @param scope the parent module
   * @param inputs the inputs of the layers, which a norm may depend on
   */
  Value of(Scope scope, Value x, LayerInputs inputs) {
    var module = scope;
    for (var name : path) {
      module = module.child(name);
    }
    var normed = norm.of(module, x);
    if (factor == null) {
      return normed;
    }
    var condition = Objects.requireNonNull(inputs.conditions().ofNorms());
    return module.mul(normed, module.add(factor.of(module, condition), module.scalar(1f)));
  }
}
