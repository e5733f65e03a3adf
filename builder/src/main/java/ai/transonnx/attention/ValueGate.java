package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;

/**
 * A sigmoid gate of each output feature, computed from the input at the query's position, {@code
 * gate_values}, as in AlphaFold 2.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of input features
 * @param features number of features of all heads
 * @param biased whether the layer that computes gates has a bias
 */
public record ValueGate(long dim, long features, boolean biased) implements OutputTransform {
  @Override
  public Value of(Scope scope, Value out, Value x) {
    var gates = new Linear(dim, features, biased).of(scope.child("to_v_gate"), x); // [rows, h * d]
    return scope.mul(out, scope.sigmoid(gates));
  }
}
