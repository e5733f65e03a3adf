package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;

/**
 * An expected value, and the difference from it that rounding alone causes. Immutable, so threads
 * may share it.
 */
record Bound(Tensor expected, double rounding) {
  /**
   * Compares a runtime's value. One rounding of the largest magnitude is always possible. If
   * rounding changes whole numbers, or a value by its own magnitude, any value is right.
   */
  ValueResult compare(String name, Tensor actual, double factor) {
    var difference = Difference.of(expected, actual);
    double magnitude = difference.magnitude();
    double tolerance = factor * Math.max(rounding, unit(actual.type()) * magnitude);
    boolean decides =
        actual.type().isFloatingPoint() ? tolerance < magnitude || rounding == 0 : rounding == 0;
    return new ValueResult(
        name,
        actual.type(),
        magnitude,
        difference.error(),
        rounding,
        decides ? tolerance : Double.POSITIVE_INFINITY);
  }

  /** The relative error of one rounding. Nothing shows how far float64 itself is off. */
  private static double unit(ElementType type) {
    return switch (type) {
      case FLOAT16 -> 0x1p-11;
      case BFLOAT16 -> 0x1p-8;
      case FLOAT32 -> 0x1p-24;
      case FLOAT64 -> 0x1p-43;
      default -> 0;
    };
  }
}
