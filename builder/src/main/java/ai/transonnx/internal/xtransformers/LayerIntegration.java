package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * Computes the input of a layer from the inputs that all layers up to it would have without it.
 * Implementations are immutable.
 */
public interface LayerIntegration {
  /**
   * Computes the inputs.
   *
   * @param scope the layer's module in {@code layer_integrators}
   * @param hiddens {@code [b, n, d]} of each layer; the last is that of the layer itself
   * @return the layer's input {@code [b, n, d]}, or those of queries, keys and values
   */
  List<Value> of(Scope scope, List<Value> hiddens);
}
