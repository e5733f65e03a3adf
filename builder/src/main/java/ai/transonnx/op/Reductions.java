package ai.transonnx.op;

import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;

/** Sums and norms along axes. */
public interface Reductions extends Operators {
  /** The sum of all elements: a scalar. */
  default Value sum(Value x) {
    return operation("ReduceSum")
        .input(x)
        .attribute("keepdims", 0)
        .output(x.elements(), Shape.SCALAR);
  }

  /** The sums along an axis, whose size becomes 1. */
  default Value sum(Value x, int axis) {
    var operation = operation("ReduceSum").inputs(x, vector(axis)).attribute("keepdims", 1);
    return operation.output(
        x.elements(), x.shape().with(Checks.axis(operation, x, axis), Dim.of(1)));
  }

  /** Running sums along an axis: each element with all before it. */
  default Value cumSum(Value x, int axis) {
    return cumSum(x, axis, false, false);
  }

  /** Running sums along an axis: all that stand before each element, without it. */
  default Value sumOfPreceding(Value x, int axis) {
    return cumSum(x, axis, true, false);
  }

  /** Running sums from the end of an axis: all that stand after each element, without it. */
  default Value sumOfFollowing(Value x, int axis) {
    return cumSum(x, axis, true, true);
  }

  private Value cumSum(Value x, int axis, boolean exclusive, boolean reverse) {
    var operation = operation("CumSum").inputs(x, scalar((long) axis));
    Checks.axis(operation, x, axis);
    if (exclusive) {
      operation.attribute("exclusive", 1);
    }
    if (reverse) {
      operation.attribute("reverse", 1);
    }
    return operation.output(x.type());
  }

  /** Exponentials along the last axis, divided by their sum. */
  default Value softmax(Value x) {
    return floatingAlongLast("Softmax", x);
  }

  private Value floatingAlongLast(String operator, Value x) {
    var operation = operation(operator).input(x).attribute("axis", -1);
    Checks.floatingPoint(operation, x);
    return operation.output(x.type());
  }

  /** {@code log(softmax(x))} along the last axis. */
  default Value logSoftmax(Value x) {
    return floatingAlongLast("LogSoftmax", x);
  }

  /**
   * Layer normalization over the last axis.
   *
   * @param x {@code [..., d]}
   * @param weight {@code [d]}
   * @param bias {@code [d]}
   * @param epsilon added to the variance
   * @see <a href="https://arxiv.org/abs/1607.06450">Layer Normalization</a>
   */
  default Value layerNormalization(Value x, Value weight, Value bias, float epsilon) {
    var operation =
        operation("LayerNormalization")
            .inputs(x, weight, bias)
            .attribute("axis", -1)
            .attribute("epsilon", epsilon);
    Checks.floatingPoint(operation, x);
    var expected = Shape.of(x.shape().last());
    if (!weight.shape().equals(expected) || !bias.shape().equals(expected)) {
      throw operation.error(
          "%s takes a weight and a bias of %s, got %s and %s"
              .formatted(x.type(), expected, weight.type(), bias.type()));
    }
    return operation.output(x.type());
  }
}
