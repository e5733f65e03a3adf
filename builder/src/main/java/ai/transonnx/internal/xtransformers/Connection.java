package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Residual;
import ai.transonnx.op.Scope;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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
   * @param views the layer's input before its norm: {@code [b, n, d]}; or, if they are different,
   *     the inputs of queries, keys and values
   * @param close computes the value after the layer from its output {@code [b, n, d]}
   */
  record Junction(List<Value> views, UnaryOperator<Value> close) {
    public Junction {
      views = List.copyOf(views);
    }
  }

  /**
   * Opens the connection.
   *
   * @param scope the connection's module
   * @param x the value before the layer
   * @param mask bool {@code [b, n]}: positions that are not padding, or null
   */
  Junction open(Scope scope, Value x, @Nullable Value mask);

  /** The reason why a sequence cannot be split into several calls; null if it can. */
  default @Nullable String obstacle() {
    return null;
  }

  /** A residual connection. */
  record Residuals(Residual residual) implements Connection {
    @Override
    public Junction open(Scope scope, Value x, @Nullable Value mask) {
      return new Junction(List.of(x), branch -> residual.of(scope, branch, x));
    }
  }
}
