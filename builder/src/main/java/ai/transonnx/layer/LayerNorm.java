package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * PyTorch's {@code nn.LayerNorm} over the last dimension, with weight and bias.
 *
 * @param dim features
 */
public record LayerNorm(long dim) implements Norm {
  private static final float EPSILON = 1e-5f;

  /**
   * Applies the layer.
   *
   * @param scope where {@code weight} and {@code bias} are
   * @param x {@code [..., dim]}
   * @return {@code [..., dim]}
   */
  @Override
  public Value of(Scope scope, Value x) {
    var weight = scope.parameter("weight", dim);
    var bias = scope.parameter("bias", dim);
    return scope.layerNormalization(x, weight, bias, EPSILON);
  }
}
