package ai.transonnx.layer;

import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's {@code nn.LayerNorm} over the last dimension.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of features
 * @param weight the name of the weight; null without one
 * @param offset added to the weight
 * @param biased whether the layer has a bias
 */
public record LayerNorm(long dim, @Nullable String weight, double offset, boolean biased)
    implements Norm {
  private static final double EPSILON = 1e-5;

  /** A layer without weights. */
  public static LayerNorm withoutWeights(long dim) {
    return new LayerNorm(dim, null, 0, false);
  }

  /** A layer with a weight and a bias. */
  public LayerNorm(long dim) {
    this(dim, "weight", 0, true);
  }

  /**
   * Applies the layer.
   *
   * @param scope the module that has the weight and, if the layer is biased, {@code bias}
   * @param x {@code [..., dim]}
   * @return {@code [..., dim]}
   */
  @Override
  public Value of(Scope scope, Value x) {
    return of(
        scope,
        x,
        weight == null ? null : scope.parameter(scope.stored(weight, dim).plus(offset)),
        biased ? scope.parameter("bias", dim) : null);
  }

  /**
   * Normalizes with given weights.
   *
   * @param x {@code [..., dim]}
   * @param scale {@code [dim]}; null for 1
   * @param bias {@code [dim]}; null for 0
   * @return {@code [..., dim]}
   */
  static Value of(Scope scope, Value x, @Nullable Value scale, @Nullable Value bias) {
    return scope.layerNormalization(x, scale == null ? ones(scope, x) : scale, bias, EPSILON);
  }

  private static Value ones(Scope scope, Value x) {
    long dim = x.dim(-1).size();
    var ones = new double[Math.toIntExact(dim)];
    Arrays.fill(ones, 1);
    return scope.constant(Shape.of(dim), ones);
  }
}
