package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.op.Scope;

/**
 * PyTorch's {@code nn.Linear}: {@code x * transpose(weight) + bias}.
 *
 * <p>A weight that is stored as {@code [out, in]} stays so: the product takes it transposed. Only
 * the layer that ends a graph has its weight transposed.
 *
 * <p>Immutable; threads may share it.
 *
 * @param in features of an input
 * @param from the first of the layer's features that are computed
 * @param to the feature after the last that is computed
 * @param out features that the stored layer has
 * @param biased whether there is a bias
 */
public record Linear(long in, long from, long to, long out, boolean biased) {
  /** All of the layer's features, with a bias. */
  public Linear(long in, long out) {
    this(in, out, true);
  }

  /** All of the layer's features. */
  public Linear(long in, long out, boolean biased) {
    this(in, 0, out, out, biased);
  }

  /** Only some of the layer's features, as slicing its output would give. */
  public Linear features(long first, long end) {
    return new Linear(in, first, end, out, biased);
  }

  /**
   * Applies the layer.
   *
   * @param scope where {@code weight} and, if there is one, {@code bias} are
   * @param x {@code [..., in]}
   * @return {@code [..., to - from]}
   */
  public Value of(Scope scope, Value x) {
    var weight = scope.matrix(rows(scope.storedMatrix("weight", out, in)));
    if (x.rank() == 2) {
      return product(scope, x, weight);
    }
    return Rows.sequences(scope, product(scope, Rows.of(scope, x), weight), x);
  }

  /**
   * Applies the layer where the graph ends. The outcome has its shape at once, so that a runtime
   * need not copy what is mostly the largest tensor of all; the weight is transposed for that.
   *
   * @param scope where {@code weight} and, if there is one, {@code bias} are
   * @param x {@code [..., in]}
   * @return {@code [..., to - from]}
   */
  public Value last(Scope scope, Value x) {
    var weight = scope.matrix(rows(scope.storedMatrix("weight", out, in)).transposed());
    var product = scope.matMul(x, weight); // [..., to - from]
    return biased ? scope.add(product, scope.parameter(rows(scope.stored("bias", out)))) : product;
  }

  private Value product(Scope scope, Value rows, Value weight) {
    return biased
        ? scope.gemm(rows, weight, scope.matrix(rows(scope.stored("bias", out))))
        : scope.gemm(rows, weight); // [rows, to - from]
  }

  private WeightExpression rows(WeightExpression stored) {
    return from == 0 && to == out ? stored : new WeightExpression.Rows(stored, from, to);
  }
}
