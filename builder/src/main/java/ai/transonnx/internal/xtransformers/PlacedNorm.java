package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Norm;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * A norm and the place of its module. Immutable.
 *
 * @param path the names of the modules from the parent's to the norm's
 */
public record PlacedNorm(List<String> path, Norm norm) {
  public PlacedNorm {
    path = List.copyOf(path);
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
    return norm.of(module, x);
  }
}
