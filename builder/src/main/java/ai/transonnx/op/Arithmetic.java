package ai.transonnx.op;

import ai.transonnx.graph.Value;

/**
 * Elementwise arithmetic; operands broadcast.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Arithmetic extends Operators {
  default Value add(Value a, Value b) {
    return binary("Add", a, b);
  }

  default Value sub(Value a, Value b) {
    return binary("Sub", a, b);
  }

  default Value mul(Value a, Value b) {
    return binary("Mul", a, b);
  }

  default Value div(Value a, Value b) {
    return binary("Div", a, b);
  }

  /** The remainder of integers, with the sign of {@code b}. */
  default Value mod(Value a, Value b) {
    return binary("Mod", a, b);
  }

  /** {@code base ^ exponent}; float16 and bfloat16 operands are computed in float32. */
  default Value pow(Value base, Value exponent) {
    return binary("Pow", widen(base), widen(exponent));
  }

  default Value min(Value a, Value b) {
    return binary("Min", a, b);
  }

  default Value max(Value a, Value b) {
    return binary("Max", a, b);
  }

  /** The square root. */
  default Value sqrt(Value x) {
    return precise("Sqrt", x);
  }

  /** The sine of an angle in radians. */
  default Value sin(Value x) {
    return precise("Sin", x);
  }

  /** The cosine of an angle in radians. */
  default Value cos(Value x) {
    return precise("Cos", x);
  }

  default Value neg(Value x) {
    return unary("Neg", x);
  }

  default Value abs(Value x) {
    return unary("Abs", x);
  }

  /** The sign of each element: -1, 0 or 1. */
  default Value sign(Value x) {
    return unary("Sign", x);
  }

  /** The natural exponential. */
  default Value exp(Value x) {
    return precise("Exp", x);
  }

  /** The natural logarithm. */
  default Value log(Value x) {
    return precise("Log", x);
  }
}
