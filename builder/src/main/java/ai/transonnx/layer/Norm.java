package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/** A normalization of each position's features. */
public interface Norm {
  /**
   * Applies the layer.
   *
   * @param scope where its weights are
   * @param x {@code [..., d]}
   * @return {@code [..., d]}
   */
  Value of(Scope scope, Value x);
}
