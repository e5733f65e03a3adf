package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Residual;
import ai.transonnx.op.Scope;
import java.util.function.UnaryOperator;

/**
 * The connection of a layer to the values between layers. Implementations are immutable.
 *
 * <p>Values between layers are {@code [b, n, d]}, unless the connections of all layers agree on
 * another form.
 */
public interface Connection {
  /**
   * The open connection of a layer.
   *
   * @param input the layer's input before its norm: {@code [b, n, d]}
   * @param close computes the value after the layer from its output {@code [b, n, d]}
   */
  record Junction(Value input, UnaryOperator<Value> close) {}

  /**
   * Opens the connection.
   *
   * @param scope the connection's module
   * @param x the value before the layer
   */
  Junction open(Scope scope, Value x);

  /** A residual connection. */
  record Residuals(Residual residual) implements Connection {
    @Override
    public Junction open(Scope scope, Value x) {
      return new Junction(x, branch -> residual.of(scope, branch, x));
    }
  }
}
