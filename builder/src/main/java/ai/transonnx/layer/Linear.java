package ai.transonnx.layer;

import ai.transonnx.graph.Derivation;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * PyTorch's {@code nn.Linear} with a bias: {@code x * transpose(weight) + bias}.
 *
 * <p>The weight stays as it is stored, {@code [out, in]}: the product takes it transposed.
 *
 * @param in features of an input
 * @param from the first of the layer's features that are computed
 * @param to the feature after the last that is computed
 * @param out features that the stored layer has
 */
public record Linear(long in, long from, long to, long out) {
  /** All of the layer's features. */
  public Linear(long in, long out) {
    this(in, 0, out, out);
  }

  /** Only some of the layer's features, as slicing its output would give. */
  public Linear features(long first, long end) {
    return new Linear(in, first, end, out);
  }

  /**
   * Applies the layer.
   *
   * @param scope where {@code weight} and {@code bias} are
   * @param x {@code [..., in]}
   * @return {@code [..., to - from]}
   */
  public Value of(Scope scope, Value x) {
    var weight = scope.parameter(rows(scope.stored("weight", out, in)));
    var bias = scope.parameter(rows(scope.stored("bias", out)));
    long features = to - from;
    var rows = scope.reshape(x, scope.vector(-1, in), Shape.of(scope.unknownDim(), Dim.of(in)));
    var y = scope.gemm(rows, weight, bias); // [rows, features]
    var sizes = scope.concat(0, scope.sizes(x, 0, x.rank() - 1), scope.vector(features));
    return scope.reshape(y, sizes, x.shape().withLast(Dim.of(features)));
  }

  private Derivation rows(Derivation stored) {
    return from == 0 && to == out ? stored : new Derivation.Rows(stored, from, to);
  }
}
