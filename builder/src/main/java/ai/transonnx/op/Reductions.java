package ai.transonnx.op;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.NodeBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reductions, running sums, softmax and normalizations. Operands of float16 and bfloat16 are
 * computed in float32, except by {@link #keptMax}.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Reductions extends Operators {
  /** The sum of all elements: a scalar. */
  default Value sum(Value given) {
    var x = widen(given);
    return operation("ReduceSum")
        .input(x)
        .attribute("keepdims", 0)
        .output(x.elements(), Shape.SCALAR);
  }

  /** The sums along one axis, which is removed. */
  default Value sum(Value given, int axis) {
    var x = widen(given);
    var operation = operation("ReduceSum").inputs(x, vector(axis)).attribute("keepdims", 0);
    int along = Checks.axis(operation, x, axis);
    return operation.output(x.elements(), x.shape().without(along));
  }

  /** The sums along one axis, which is kept with size 1. */
  default Value keptSum(Value given, int axis) {
    var x = widen(given);
    var operation = operation("ReduceSum").inputs(x, vector(axis)).attribute("keepdims", 1);
    int along = Checks.axis(operation, x, axis);
    return operation.output(x.elements(), x.shape().with(along, Dim.of(1)));
  }

  /** The maximum along one axis, which is kept with size 1. */
  default Value keptMax(Value x, int axis) {
    return kept(operation("ReduceMax"), x, axis);
  }

  /** The index of the maximum along the last axis, which is kept with size 1: int64. */
  default Value argMax(Value x) {
    return operation("ArgMax")
        .input(x)
        .attribute("axis", -1)
        .attribute("keepdims", 1)
        .output(ElementType.INT64, x.shape().withLast(Dim.of(1)));
  }

  /** A reduction whose axes are an operand since opset 18 and an attribute in earlier opsets. */
  private Value kept(NodeBuilder operation, Value x, int axis) {
    operation.input(x).attribute("keepdims", 1);
    int along = Checks.axis(operation, x, axis);
    if (operation.opset() >= 18) {
      operation.input(vector(along));
    } else {
      operation.attribute("axes", new Attribute.Ints(List.of((long) along)));
    }
    return operation.output(x.elements(), x.shape().with(along, Dim.of(1)));
  }

  /** The mean of all elements: a scalar. */
  default Value mean(Value given) {
    var x = widen(given);
    return operation("ReduceMean")
        .input(x)
        .attribute("keepdims", 0)
        .output(x.elements(), Shape.SCALAR);
  }

  /**
   * The Euclidean norm of the vectors along the last axis.
   *
   * @param given {@code [..., d]}
   * @return {@code [..., 1]}
   */
  default Value norm(Value given) {
    var x = widen(given);
    var operation = operation("ReduceL2");
    Checks.floatingPoint(operation, x);
    return kept(operation, x, -1);
  }

  /** {@code softmax(given)} along the last axis. */
  default Value softmax(Value given) {
    var x = widen(given);
    var operation = operation("Softmax").input(x).attribute("axis", -1);
    Checks.floatingPoint(operation, x);
    return operation.output(x.type());
  }

  /** Running sums along an axis: the sum of each element and all before it. */
  default Value cumSum(Value x, int axis) {
    return cumSum(x, axis, false, false);
  }

  /** Exclusive running sums along an axis: the sum of all elements before each element. */
  default Value sumOfPreceding(Value x, int axis) {
    return cumSum(x, axis, true, false);
  }

  /** Exclusive running sums from the end of an axis: the sum of all elements after each element. */
  default Value sumOfFollowing(Value x, int axis) {
    return cumSum(x, axis, true, true);
  }

  private Value cumSum(Value given, int axis, boolean exclusive, boolean reverse) {
    var x = widen(given);
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

  /** {@code log(softmax(given))} along the last axis. */
  default Value logSoftmax(Value given) {
    var x = widen(given);
    var operation = operation("LogSoftmax").input(x).attribute("axis", -1);
    Checks.floatingPoint(operation, x);
    return operation.output(x.type());
  }

  /**
   * Layer normalization over the last axis.
   *
   * @param given {@code [..., d]}
   * @param weight {@code [d]}
   * @param bias {@code [d]}, or null
   * @param epsilon added to the variance
   * @see <a href="https://arxiv.org/abs/1607.06450">Layer Normalization</a>
   */
  default Value layerNormalization(
      Value given, Value weight, @Nullable Value bias, double epsilon) {
    var x = widen(given);
    var operation =
        operation("LayerNormalization")
            .inputs(bias == null ? new Value[] {x, weight} : new Value[] {x, weight, bias})
            .attribute("axis", -1)
            .attribute("epsilon", (float) epsilon);
    Checks.floatingPoint(operation, x);
    var expected = Shape.of(x.shape().last());
    if (!weight.shape().equals(expected) || (bias != null && !bias.shape().equals(expected))) {
      throw operation.error(
          "%s takes a weight and a bias of shape %s, got %s and %s"
              .formatted(x.type(), expected, weight.type(), bias == null ? "none" : bias.type()));
    }
    return expansion("LayerNormalization")
        .map(scope -> Float64Expansions.layerNormalization(scope, x, weight, bias, epsilon))
        .orElseGet(() -> operation.output(x.type()));
  }
}
