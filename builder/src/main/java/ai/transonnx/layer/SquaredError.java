package ai.transonnx.layer;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The mean squared difference of vectors: PyTorch's {@code mse_loss}.
 *
 * <p>Its methods are thread-safe.
 */
public final class SquaredError {
  private SquaredError() {}

  /**
   * Computes the loss.
   *
   * @param predicted {@code [b, n, d]}
   * @param expected {@code [b, n, d]}
   * @param kept bool {@code [b, n]}: the vectors to include; null for all
   * @return a scalar
   */
  public static Value of(Scope scope, Value predicted, Value expected, @Nullable Value kept) {
    var difference = scope.sub(predicted, expected);
    var squares = scope.mul(difference, difference); // [b, n, d]
    if (kept == null) {
      return scope.mean(squares);
    }
    var counted = scope.cast(kept, ElementType.FLOAT32); // [b, n]
    var sum = scope.sum(scope.mul(squares, scope.unsqueeze(counted, 2)));
    var elements = scope.mul(scope.sum(counted), scope.scalar((float) predicted.dim(2).size()));
    return scope.div(sum, elements);
  }
}
