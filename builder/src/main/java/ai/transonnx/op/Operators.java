package ai.transonnx.op;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.NodeBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The primitives that all operator interfaces are built on. */
interface Operators extends Conversions {
  /** Starts a node of a standard ONNX operator, named after the scope's path. */
  NodeBuilder operation(String operator);

  /** Starts a node of an operator that only ONNX Runtime has, named after the scope's path. */
  NodeBuilder runtimeOperation(String operator);

  /** A constant of the graph. */
  Value constant(Tensor tensor);

  /**
   * A value that several parts of a graph use: computed where it is used first.
   *
   * @param key identifies the value
   * @param first computes the value if the graph does not have it yet
   */
  Value shared(Object key, Supplier<Value> first);

  /** A constant int64 vector: shape {@code [values.length]}. */
  default Value vector(long... values) {
    return constant(Tensor.vector(values));
  }

  /** A constant int64 scalar. */
  default Value scalar(long value) {
    return constant(Tensor.scalar(value));
  }

  /** A constant floating-point scalar of the {@linkplain #wideType wide type}. */
  default Value scalar(double value) {
    return constant(Tensor.scalar(wideType(), value));
  }

  /** A floating-point constant of the {@linkplain #wideType wide type}, in row-major order. */
  default Value constant(Shape shape, double... values) {
    return constant(Tensor.of(wideType(), shape, values));
  }

  /** The lowest finite number of the {@linkplain #wideType wide type}. */
  default Value lowest() {
    return scalar(wideType() == ElementType.FLOAT64 ? -Double.MAX_VALUE : -Float.MAX_VALUE);
  }

  /**
   * The scope of the expression that replaces an operator, which has no float64 kernel; empty if
   * the graph's runtime has the operator.
   */
  Optional<Scope> expansion(String operator);

  /** A node with one operand whose result has the operand's type. */
  default Value unary(String operator, Value x) {
    return operation(operator).input(x).output(x.type());
  }

  /** A node with one floating-point operand that is computed in the wide type. */
  default Value precise(String operator, Value x) {
    var operation = operation(operator);
    Checks.floatingPoint(operation, x);
    var wide = widen(x);
    return operation.input(wide).output(wide.type());
  }

  /** A node with two operands, which broadcast; the result has their element type. */
  default Value binary(String operator, Value a, Value b) {
    var operands = promoted(a, b);
    return binary(operator, operands, operands.get(0).elements());
  }

  /** A node with two operands, which broadcast, and a result of the given element type. */
  default Value binary(String operator, Value a, Value b, ElementType result) {
    return binary(operator, promoted(a, b), result);
  }

  private Value binary(String operator, List<Value> operands, ElementType result) {
    var a = operands.get(0);
    var b = operands.get(1);
    var operation = operation(operator).inputs(a, b);
    Checks.sameElements(operation, a, b);
    Shape shape = Broadcasting.shape(operation, a.shape(), b.shape());
    return operation.output(result, shape);
  }
}
