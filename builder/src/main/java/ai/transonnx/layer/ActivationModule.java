package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The activation of the hidden features of a feedforward layer, which may have weights.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface ActivationModule {
  /**
   * Applies the activation.
   *
   * @param parent the parent of the activation's module
   * @param name the name of the activation's module
   * @param x {@code [rows, hidden]}
   * @return {@code [rows, hidden]}
   */
  Value of(Scope parent, String name, Value x);
}
