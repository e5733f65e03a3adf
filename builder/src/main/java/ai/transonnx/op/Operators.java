package ai.transonnx.op;

import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.Operation;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.Value;

/** What the families of operators build on. */
interface Operators {
  /** Starts a node of a standard operator, named for the scope's path. */
  Operation operation(String operator);

  /** Starts a node of one of ONNX Runtime's own operators, named for the scope's path. */
  Operation runtimeOperation(String operator);

  /** A constant of the graph. */
  Value constant(Tensor tensor);

  /** A vector of int64: shape {@code [values.length]}. */
  default Value vector(long... values) {
    return constant(Tensor.vector(values));
  }

  default Value scalar(long value) {
    return constant(Tensor.scalar(value));
  }

  default Value scalar(float value) {
    return constant(Tensor.scalar(value));
  }

  /** A node with one operand whose result has the operand's type. */
  default Value unary(String operator, Value x) {
    return operation(operator).input(x).output(x.type());
  }

  /** A node with one operand, of floating-point numbers, whose result has the operand's type. */
  default Value floating(String operator, Value x) {
    var operation = operation(operator).input(x);
    Checks.floatingPoint(operation, x);
    return operation.output(x.type());
  }

  /** A node with two operands of one element type, which broadcast. */
  default Value binary(String operator, Value a, Value b) {
    return binary(operator, a, b, a.elements());
  }

  /** A node with two operands of one element type, which broadcast, and a result of another. */
  default Value binary(String operator, Value a, Value b, ElementType result) {
    var operation = operation(operator).inputs(a, b);
    Checks.sameElements(operation, a, b);
    Shape shape = Broadcasting.shape(operation, a.shape(), b.shape());
    return operation.output(result, shape);
  }
}
