package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * What cosines are multiplied by to become scores.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public sealed interface SimilarityScale {
  /**
   * The factor.
   *
   * @param scope the attention's
   * @return of a shape that broadcasts to {@code [b, h, i, d]}
   */
  Value of(Scope scope);

  /** The same for all heads. */
  record Fixed(double factor) implements SimilarityScale {
    @Override
    public Value of(Scope scope) {
      return scope.scalar((float) factor);
    }
  }

  /** One over a temperature a head, whose logarithm is learned; at least {@value #LEAST}. */
  record Temperature(int heads) implements SimilarityScale {
    private static final float LEAST = 1e-2f;

    @Override
    public Value of(Scope scope) {
      var temperature = scope.exp(scope.parameter("scale", 1, heads, 1, 1));
      return scope.div(scope.scalar(1f), scope.max(temperature, scope.scalar(LEAST)));
    }
  }
}
