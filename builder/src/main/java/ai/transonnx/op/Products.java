package ai.transonnx.op;

import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;

/** Matrix products. */
public interface Products extends Operators {
  /**
   * The product of matrices, over leading dimensions that broadcast.
   *
   * @param a {@code [..., m, k]}
   * @param b {@code [..., k, n]}
   * @return {@code [..., m, n]}
   */
  default Value matMul(Value a, Value b) {
    var operation = operation("MatMul").inputs(a, b);
    Checks.sameElements(operation, a, b);
    Checks.rankAtLeast(operation, a, 2);
    Checks.rankAtLeast(operation, b, 2);
    if (!a.dim(-1).equals(b.dim(-2))) {
      throw operation.error(
          "%s and %s do not multiply: %s is not %s"
              .formatted(a.type(), b.type(), a.dim(-1), b.dim(-2)));
    }
    Dim one = Dim.of(1);
    Shape left = a.shape().withLast(one).with(-2, one);
    Shape right = b.shape().withLast(one).with(-2, one);
    Shape leading = Broadcasting.shape(operation, left, right);
    return operation.output(a.elements(), leading.with(-2, a.dim(-2)).withLast(b.dim(-1)));
  }

  /**
   * {@code x * transpose(weight) + bias}, as a linear layer has it.
   *
   * @param x {@code [m, k]}
   * @param weight {@code [n, k]}
   * @param bias {@code [n]}
   * @return {@code [m, n]}
   */
  default Value gemm(Value x, Value weight, Value bias) {
    var operation = operation("Gemm").inputs(x, weight, bias).attribute("transB", 1);
    Checks.sameElements(operation, x, weight);
    Checks.sameElements(operation, x, bias);
    Checks.rank(operation, x, 2);
    Checks.rank(operation, weight, 2);
    boolean fits = x.dim(1).equals(weight.dim(1)) && bias.shape().equals(Shape.of(weight.dim(0)));
    if (!fits) {
      throw operation.error(
          "%s does not go with a weight of %s and a bias of %s"
              .formatted(x.type(), weight.type(), bias.type()));
    }
    return operation.output(x.elements(), x.shape().withLast(weight.dim(0)));
  }
}
