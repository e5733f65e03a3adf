package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.op.Scope;

/**
 * PyTorch's {@code nn.Linear}: {@code x * transpose(weight) + bias}.
 *
 * <p>A weight that is stored as {@code [out, in]} is kept in this order, and the product transposes
 * it. Only {@link #last} transposes the weight at export.
 *
 * <p>Immutable; threads may share it.
 *
 * @param in number of input features
 * @param from index of the first output feature to compute
 * @param to index after the last output feature to compute
 * @param out number of output features of the stored layer
 * @param biased whether the layer has a bias
 */
public record Linear(long in, long from, long to, long out, boolean biased) {
  /** A layer that computes all output features, with a bias. */
  public Linear(long in, long out) {
    this(in, out, true);
  }

  /** A layer that computes all output features. */
  public Linear(long in, long out, boolean biased) {
    this(in, 0, out, out, biased);
  }

  /**
   * This layer computing only the output features {@code first} to {@code end - 1}: equal to
   * slicing its output.
   */
  public Linear features(long first, long end) {
    return new Linear(in, first, end, out, biased);
  }

  /**
   * Applies the layer.
   *
   * @param scope the module that has {@code weight} and, if the layer is biased, {@code bias}
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
   * Applies the layer at the end of a graph. The weight is transposed at export, so the product has
   * the output's shape and no reshape follows: a runtime need not copy the output, usually the
   * largest tensor of the graph.
   *
   * @param scope the module that has {@code weight} and, if the layer is biased, {@code bias}
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
