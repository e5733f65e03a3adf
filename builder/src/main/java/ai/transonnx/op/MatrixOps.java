package ai.transonnx.op;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.NodeBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import java.util.List;

/**
 * Matrix products.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface MatrixOps extends Operators {
  /**
   * The product of matrices. Leading dimensions broadcast.
   *
   * @param left {@code [..., m, k]}
   * @param right {@code [..., k, n]}
   * @return {@code [..., m, n]}
   */
  default Value matMul(Value left, Value right) {
    var a = operand(left);
    var b = operand(right);
    var operation = operation("MatMul").inputs(a, b);
    Checks.sameElements(operation, a, b);
    Checks.rankAtLeast(operation, a, 2);
    Checks.rankAtLeast(operation, b, 2);
    if (!a.dim(-1).equals(b.dim(-2))) {
      throw operation.error(
          "%s and %s cannot be multiplied: %s is not %s"
              .formatted(a.type(), b.type(), a.dim(-1), b.dim(-2)));
    }
    Dim one = Dim.of(1);
    Shape leftRows = a.shape().withLast(one).with(-2, one);
    Shape rightRows = b.shape().withLast(one).with(-2, one);
    Shape leading = Broadcasting.shape(operation, leftRows, rightRows);
    return operation.output(a.elements(), leading.with(-2, a.dim(-2)).withLast(b.dim(-1)));
  }

  /**
   * A linear layer: {@code rows * transpose(matrix) + added}.
   *
   * @param rows {@code [m, k]}
   * @param matrix {@code [n, k]}
   * @param added {@code [n]}
   * @return {@code [m, n]}
   */
  default Value gemm(Value rows, Value matrix, Value added) {
    var x = operand(rows);
    var weight = operand(matrix);
    var bias = operand(added);
    var operation = operation("Gemm");
    Checks.sameElements(operation, x, bias);
    if (!bias.shape().equals(Shape.of(weight.dim(0)))) {
      throw operation.error(
          "a weight of %s does not match a bias of %s".formatted(weight.type(), bias.type()));
    }
    var shape = gemmShape(operation, x, weight);
    return x.elements().isHalf()
        ? gemm16(x, weight, bias)
        : operation.inputs(x, weight, bias).attribute("transB", 1).output(x.elements(), shape);
  }

  /**
   * A linear layer without a bias: {@code rows * transpose(matrix)}.
   *
   * @param rows {@code [m, k]}
   * @param matrix {@code [n, k]}
   * @return {@code [m, n]}
   */
  default Value gemm(Value rows, Value matrix) {
    var x = operand(rows);
    var weight = operand(matrix);
    var operation = operation("Gemm");
    var shape = gemmShape(operation, x, weight);
    return x.elements().isHalf()
        ? gemm16(x, weight)
        : operation.inputs(x, weight).attribute("transB", 1).output(x.elements(), shape);
  }

  /**
   * On the CPU, ONNX Runtime's {@code Gemm} accumulates float16 products in float16: a sum of 8192
   * terms comes out as 10248 instead of 8200. Its {@code MatMul} accumulates in float32 on every
   * device.
   */
  private Value gemm16(Value x, Value weight) {
    return matMul(
        x,
        operation("Transpose")
            .input(weight)
            .attribute("perm", new Attribute.Ints(List.of(1L, 0L)))
            .output(weight.elements(), Shape.of(weight.dim(1), weight.dim(0))));
  }

  /**
   * The bias gets three dimensions, since ONNX Runtime would fuse the product and a bias of one or
   * two dimensions into a {@code Gemm}.
   */
  private Value gemm16(Value x, Value weight, Value bias) {
    var one = Dim.of(1);
    var added =
        operation("Unsqueeze")
            .inputs(bias, vector(0, 1))
            .output(bias.elements(), Shape.of(one, one, bias.dim(0)));
    var sum = binary("Add", gemm16(x, weight), added); // [1, m, n]
    return operation("Squeeze")
        .inputs(sum, vector(0))
        .output(sum.elements(), sum.shape().without(0));
  }

  private static Shape gemmShape(NodeBuilder operation, Value x, Value weight) {
    Checks.sameElements(operation, x, weight);
    Checks.rank(operation, x, 2);
    Checks.rank(operation, weight, 2);
    if (!x.dim(1).equals(weight.dim(1))) {
      throw operation.error("%s does not match a weight of %s".formatted(x.type(), weight.type()));
    }
    return x.shape().withLast(weight.dim(0));
  }

  /**
   * A convolution with kernels of size 1, in the wide type: multiplies the channels of each
   * position by one matrix.
   *
   * @param image {@code [b, c, i, j]}
   * @param kernels {@code [m, c, 1, 1]}
   * @return {@code [b, m, i, j]}
   */
  default Value pointwiseConvolution(Value image, Value kernels) {
    var x = widen(image);
    var weight = widen(kernels);
    var operation = operation("Conv").inputs(x, weight);
    Checks.sameElements(operation, x, weight);
    Checks.rank(operation, x, 4);
    if (!weight
        .shape()
        .with(0, Dim.of(1))
        .equals(Shape.of(Dim.of(1), x.dim(1), Dim.of(1), Dim.of(1)))) {
      throw operation.error("%s does not match a kernel of %s".formatted(x.type(), weight.type()));
    }
    return expansion("Conv")
        .map(scope -> Float64Expansions.pointwiseConvolution(scope, x, weight))
        .orElseGet(() -> operation.output(x.elements(), x.shape().with(1, weight.dim(0))));
  }
}
