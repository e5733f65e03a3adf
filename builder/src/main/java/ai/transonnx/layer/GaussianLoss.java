package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/** The mean negative log-likelihood of vectors under normal distributions. Immutable. */
public enum GaussianLoss {
  /** PyTorch's {@code gaussian_nll_loss}: without the constant, and with a least variance. */
  BY_VARIANCE {
    @Override
    Value losses(Scope scope, Value difference, Value variance) {
      var bounded = scope.max(variance, scope.scalar(LEAST_VARIANCE));
      var scaled = scope.div(scope.mul(difference, difference), bounded);
      return scope.mul(scope.add(scope.log(bounded), scaled), scope.scalar(0.5f));
    }
  },
  /** The log-density of a normal distribution whose standard deviation is the given variance. */
  BY_DEVIATION {
    @Override
    Value losses(Scope scope, Value difference, Value variance) {
      var scaled = scope.div(difference, variance);
      var half = scope.mul(scope.mul(scaled, scaled), scope.scalar(0.5f));
      var constant = scope.scalar(0.5 * Math.log(2 * Math.PI));
      return scope.add(scope.add(half, scope.log(variance)), constant);
    }
  };

  private static final double LEAST_VARIANCE = 1e-6;

  /**
   * Computes the loss.
   *
   * @param mean {@code [b, n, d]}
   * @param variance {@code [b, n, d]}
   * @param expected {@code [b, n, d]}
   * @param kept bool {@code [b, n]}: the vectors to include; null for all
   * @return a scalar
   */
  public Value of(Scope scope, Value mean, Value variance, Value expected, @Nullable Value kept) {
    var losses = losses(scope, scope.sub(mean, expected), variance);
    return SquaredError.mean(scope, losses, kept);
  }

  abstract Value losses(Scope scope, Value difference, Value variance);
}
