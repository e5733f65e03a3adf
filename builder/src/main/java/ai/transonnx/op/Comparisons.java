package ai.transonnx.op;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Value;

/**
 * Comparisons, Boolean operators and selection. Comparisons of float16 and bfloat16 are computed in
 * float32.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Comparisons extends Operators {
  default Value equal(Value a, Value b) {
    return compared("Equal", a, b);
  }

  default Value greaterOrEqual(Value a, Value b) {
    return compared("GreaterOrEqual", a, b);
  }

  default Value lessOrEqual(Value a, Value b) {
    return compared("LessOrEqual", a, b);
  }

  default Value less(Value a, Value b) {
    return compared("Less", a, b);
  }

  private Value compared(String operator, Value a, Value b) {
    return binary(operator, widen(a), widen(b), ElementType.BOOL);
  }

  default Value and(Value a, Value b) {
    return logical("And", a, b);
  }

  default Value or(Value a, Value b) {
    return logical("Or", a, b);
  }

  private Value logical(String operator, Value a, Value b) {
    var result = binary(operator, a, b);
    if (result.elements() != ElementType.BOOL) {
      throw operation(operator).error("expected bool, got " + a.type());
    }
    return result;
  }

  default Value not(Value x) {
    var operation = operation("Not").input(x);
    Checks.elements(operation, x, ElementType.BOOL);
    return operation.output(x.type());
  }

  /**
   * {@code ifTrue} where {@code condition} holds, {@code ifFalse} elsewhere; all three broadcast.
   */
  default Value where(Value condition, Value ifTrue, Value ifFalse) {
    var operands = promoted(ifTrue, ifFalse);
    var a = operands.get(0);
    var b = operands.get(1);
    var operation = operation("Where").inputs(condition, a, b);
    Checks.elements(operation, condition, ElementType.BOOL);
    Checks.sameElements(operation, a, b);
    var values = Broadcasting.shape(operation, a.shape(), b.shape());
    return operation.output(a.elements(), Broadcasting.shape(operation, condition.shape(), values));
  }
}
