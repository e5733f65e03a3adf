package ai.transonnx.op;

import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Operation;
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
    Checks.sameElements(operation, x, bias);
    if (!bias.shape().equals(Shape.of(weight.dim(0)))) {
      throw operation.error(
          "a weight of %s does not go with a bias of %s".formatted(weight.type(), bias.type()));
    }
    return operation.output(x.elements(), gemmShape(operation, x, weight));
  }

  /**
   * {@code x * transpose(weight)}, as a linear layer without a bias has it.
   *
   * @param x {@code [m, k]}
   * @param weight {@code [n, k]}
   * @return {@code [m, n]}
   */
  default Value gemm(Value x, Value weight) {
    var operation = operation("Gemm").inputs(x, weight).attribute("transB", 1);
    return operation.output(x.elements(), gemmShape(operation, x, weight));
  }

  private static Shape gemmShape(Operation operation, Value x, Value weight) {
    Checks.sameElements(operation, x, weight);
    Checks.rank(operation, x, 2);
    Checks.rank(operation, weight, 2);
    if (!x.dim(1).equals(weight.dim(1))) {
      throw operation.error(
          "%s does not go with a weight of %s".formatted(x.type(), weight.type()));
    }
    return x.shape().withLast(weight.dim(0));
  }

  /**
   * A convolution with kernels of size 1: each position's channels times one matrix.
   *
   * @param x {@code [b, c, i, j]}
   * @param weight {@code [m, c, 1, 1]}
   * @return {@code [b, m, i, j]}
   */
  default Value pointwiseConvolution(Value x, Value weight) {
    var operation = operation("Conv").inputs(x, weight);
    Checks.sameElements(operation, x, weight);
    Checks.rank(operation, x, 4);
    if (!weight
        .shape()
        .with(0, Dim.of(1))
        .equals(Shape.of(Dim.of(1), x.dim(1), Dim.of(1), Dim.of(1)))) {
      throw operation.error(
          "%s does not go with a kernel of %s".formatted(x.type(), weight.type()));
    }
    return operation.output(x.elements(), x.shape().with(1, weight.dim(0)));
  }
}
