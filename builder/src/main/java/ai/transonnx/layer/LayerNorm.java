package ai.transonnx.layer;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * PyTorch's {@code nn.LayerNorm} over the last dimension, with weight and bias.
 *
 * <p>ONNX Runtime's {@code LayerNormalization} is not vectorized. For this target, each position of
 * a sequence is a channel of an {@code InstanceNormalization}, which is.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of features
 */
public record LayerNorm(long dim) implements Norm {
  private static final float EPSILON = 1e-5f;

  /**
   * Applies the layer.
   *
   * @param scope the module that has {@code weight} and {@code bias}
   * @param x {@code [..., dim]}
   * @return {@code [..., dim]}
   */
  @Override
  public Value of(Scope scope, Value x) {
    var weight = scope.parameter("weight", dim);
    var bias = scope.parameter("bias", dim);
    boolean isOfSequences = x.rank() == 3 && x.elements() == ElementType.FLOAT32;
    if (scope.target() == Target.ONNXRUNTIME && isOfSequences) {
      var ones = repeated(scope, 1, x); // [n]
      var zeros = repeated(scope, 0, x); // [n]
      var normed = scope.instanceNormalization(x, ones, zeros, EPSILON); // [b, n, dim]
      return scope.add(scope.mul(normed, weight), bias);
    }
    return scope.layerNormalization(x, weight, bias, EPSILON);
  }

  /** A vector that has the same number for each position. */
  private static Value repeated(Scope scope, float number, Value x) {
    return scope.expand(scope.scalar(number), scope.size(x, 1), Shape.of(x.dim(1)));
  }
}
