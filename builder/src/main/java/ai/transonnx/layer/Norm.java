package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A normalization of each position's features.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface Norm {
  /**
   * Applies the layer.
   *
   * @param scope the module that has the layer's weights
   * @param x {@code [..., d]}
   * @return {@code [..., d]}
   */
  Value of(Scope scope, Value x);
}
