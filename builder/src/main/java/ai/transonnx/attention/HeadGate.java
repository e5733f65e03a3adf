package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;

/**
 * A sigmoid gate of each head's output, computed from the input at the query's position, {@code
 * gate_value_heads}.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of input features
 * @param heads number of heads
 * @see <a href="https://arxiv.org/abs/2306.12929">Quantizable Transformers</a>
 */
public record HeadGate(long dim, int heads) implements OutputTransform {
  @Override
  public Value of(Scope scope, Value out, Value x) {
    var gates = scope.sigmoid(new Linear(dim, heads).of(scope.child("to_v_head_gate"), x));
    var byHead = scope.unsqueeze(scope.transpose(gates, 0, 2, 1), 3); // [b, h, n, 1]
    return scope.mul(out, byHead);
  }
}
