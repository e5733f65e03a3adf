package ai.transonnx.layer;

import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The {@code LayerNorm} of x-transformers 1.27.0 to 1.30.23: a weight {@code gamma}, and a bias
 * {@code beta} that is a buffer of zeros. From 1.27.1 on, the library uses PyTorch's {@code
 * nn.LayerNorm} without a bias instead, if PyTorch is 2.1 or later; its checkpoints have {@code
 * weight} only.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of features
 * @param replaced whether checkpoints may be those of {@code nn.LayerNorm}
 */
public record BufferedBiasNorm(long dim, boolean replaced) implements Norm {
  private static final String GAMMA = "gamma";

  @Override
  public Value of(Scope scope, Value x) {
    var weight = replaced ? scope.storedAsEither("weight", GAMMA, dim) : scope.stored(GAMMA, dim);
    var zeros = Tensor.of(Shape.of(dim), new double[Math.toIntExact(dim)]);
    var scale = scope.parameter(weight);
    var bias = scope.parameter(scope.stored("beta", zeros));
    return LayerNorm.of(scope, x, scale, bias);
  }
}
