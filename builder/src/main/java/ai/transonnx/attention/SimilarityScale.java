package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The factor by which cosine similarities are multiplied to give scores.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public sealed interface SimilarityScale {
  /**
   * Computes the factor.
   *
   * @param scope the attention's module
   * @return a value that broadcasts to {@code [b, h, i, d]}
   */
  Value of(Scope scope);

  /** A constant factor, the same for all heads. */
  record Fixed(double factor) implements SimilarityScale {
    @Override
    public Value of(Scope scope) {
      return scope.scalar(factor);
    }
  }

  /** A learned factor of each head between 0 and {@code most}: a sigmoid. */
  record Sigmoid(int heads, double most) implements SimilarityScale {
    @Override
    public Value of(Scope scope) {
      var share = scope.sigmoid(scope.parameter("scale", 1, heads, 1, 1));
      return scope.mul(share, scope.scalar(most));
    }
  }

  /**
   * The reciprocal of a per-head temperature, whose logarithm is learned. The temperature is at
   * least {@value #LEAST}.
   */
  record Temperature(int heads) implements SimilarityScale {
    private static final double LEAST = 1e-2;

    @Override
    public Value of(Scope scope) {
      var temperature = scope.exp(scope.parameter("scale", 1, heads, 1, 1));
      return scope.div(scope.scalar(1f), scope.max(temperature, scope.scalar(LEAST)));
    }
  }
}
