package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;

/**
 * Gates from the query's position for each feature of the outcome, {@code gate_values}, as
 * AlphaFold 2 has them.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim features of a position
 * @param features of all heads together
 */
public record ValueGate(long dim, long features) implements OutputTransform {
  @Override
  public Value of(Scope scope, Value out, Value x) {
    var gates = new Linear(dim, features).of(scope.child("to_v_gate"), x); // [rows, h * d]
    return scope.mul(out, scope.sigmoid(gates));
  }
}
