package ai.transonnx.layer;

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
    return mean(scope, scope.mul(difference, difference), kept);
  }

  /**
   * The mean of the losses of elements.
   *
   * @param losses {@code [b, n, d]}
   * @param kept bool {@code [b, n]}: the vectors to include; null for all
   * @return a scalar
   */
  static Value mean(Scope scope, Value losses, @Nullable Value kept) {
    if (kept == null) {
      return scope.mean(losses);
    }
    var counted = scope.cast(kept, scope.wideType()); // [b, n]
    var sum = scope.sum(scope.mul(losses, scope.unsqueeze(counted, 2)));
    var elements = scope.mul(scope.sum(counted), scope.scalar((double) losses.dim(2).size()));
    return scope.div(sum, elements);
  }
}
