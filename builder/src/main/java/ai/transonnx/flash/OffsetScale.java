package ai.transonnx.flash;

import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The library's {@code OffsetScale}: several heads from one, each with a scale and an offset of its
 * own.
 *
 * @param dim features
 * @param factors one for each head: what the head is multiplied by in the end
 */
record OffsetScale(int dim, float... factors) {
  /**
   * Applies the layer.
   *
   * @param scope where {@code gamma} and {@code beta} are
   * @param x {@code [b, n, dim]}
   * @return {@code [b, heads, n, dim]}
   */
  Value of(Scope scope, Value x) {
    var scaled = scope.mul(scope.unsqueeze(x, 1), weight(scope, "gamma")); // [b, h, n, d]
    return scope.add(scaled, weight(scope, "beta"));
  }

  private Value weight(Scope scope, String name) {
    var factor = scope.constant(Tensor.of(Shape.of(factors.length, 1), factors));
    var weight = scope.mul(scope.parameter(name, factors.length, dim), factor); // [h, d]
    var heads = Shape.of(Dim.of(factors.length), Dim.of(1), Dim.of(dim));
    return scope.reshape(weight, heads); // [h, 1, d]
  }
}
