package ai.transonnx.flash;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.op.Scope;
import java.util.stream.IntStream;

/**
 * The library's {@code OffsetScale}: derives several heads from one, each with its own scale and
 * offset.
 */
final class OffsetScale {
  private final int dim;
  private final double[] factors;

  /**
   * Creates a layer with one head per factor.
   *
   * @param dim the dimension of each head
   * @param factors the constant factor of each head, which is folded into its weights
   */
  OffsetScale(int dim, double... factors) {
    this.dim = dim;
    this.factors = factors;
  }

  /**
   * Applies the layer.
   *
   * @param scope the parent scope of {@code gamma} and {@code beta}
   * @param x {@code [b, n, dim]}
   * @return the concatenated heads: {@code [b, n, heads * dim]}
   */
  Value of(Scope scope, Value x) {
    var scaled = scope.mul(scope.unsqueeze(x, 2), weight(scope, "gamma")); // [b, n, h, d]
    var heads = scope.add(scaled, weight(scope, "beta"));
    var features = Dim.of((long) factors.length * dim);
    return scope.reshape(heads, x.shape().withLast(features)); // [b, n, h * d]
  }

  /** {@code [h, dim]}. */
  private Value weight(Scope scope, String name) {
    var stored = scope.stored(name, factors.length, dim);
    var rows =
        IntStream.range(0, factors.length)
            .mapToObj(
                head -> new WeightExpression.Rows(stored, head, head + 1L).times(factors[head]))
            .toList();
    boolean isAsStored = rows.stream().allMatch(row -> row instanceof WeightExpression.Rows);
    return scope.parameter(isAsStored ? stored : new WeightExpression.Stacked(rows));
  }
}
