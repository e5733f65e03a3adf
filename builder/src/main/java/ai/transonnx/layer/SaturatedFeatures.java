package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Substitutes for norms that limit each feature by a function instead of normalizing vectors.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public sealed interface SaturatedFeatures extends Norm {
  /**
   * {@code DynamicTanh}: the hyperbolic tangent of scaled features, with a weight and a bias.
   *
   * @param scaleOffset added to the stored scale
   * @param offset added to the stored weight
   * @see <a href="https://arxiv.org/abs/2503.10622">Transformers without Normalization</a>
   */
  record Tanh(long dim, double scaleOffset, double offset) implements SaturatedFeatures {
    @Override
    public Value of(Scope scope, Value x) {
      var factor = scope.parameter(scope.stored("pre_tanh_scale").plus(scaleOffset));
      return weighted(scope, scope.tanh(scope.mul(x, factor)), dim, offset);
    }
  }

  /**
   * {@code Derf}: the error function of scaled and shifted features, with a weight and a bias.
   *
   * @param offset added to the stored scale and the stored weight
   * @see <a href="https://arxiv.org/abs/2512.10938">Stronger Normalization-Free Transformers</a>
   */
  record Erf(long dim, double offset) implements SaturatedFeatures {
    @Override
    public Value of(Scope scope, Value x) {
      var factor = scope.parameter(scope.stored("alpha").plus(offset));
      var shifted = scope.add(scope.mul(x, factor), scope.parameter("s"));
      return weighted(scope, scope.erf(shifted), dim, offset);
    }
  }

  private static Value weighted(Scope scope, Value x, long dim, double offset) {
    var weight = scope.parameter(scope.stored("gamma", dim).plus(offset));
    return scope.add(scope.mul(x, weight), scope.parameter("beta", dim));
  }
}
