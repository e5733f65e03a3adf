package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;

/**
 * An expected value, and the difference from it that rounding alone causes. Immutable, so threads
 * may share it.
 */
record Bound(Tensor expected, double rounding) {
  /** Compares a runtime's value. One rounding of the largest magnitude is always possible. */
  ValueResult compare(String name, Tensor actual, double factor) {
    var difference = Difference.of(expected, actual);
    double floor = unit(actual.type()) * difference.magnitude();
    return new ValueResult(
        name,
        actual.type(),
        difference.magnitude(),
        difference.error(),
        rounding,
        factor * Math.max(rounding, floor));
  }

  private static double unit(ElementType type) {
    return switch (type) {
      case FLOAT16 -> 0x1p-11;
      case BFLOAT16 -> 0x1p-8;
      case FLOAT32 -> 0x1p-24;
      case FLOAT64 -> 0x1p-53;
      default -> 0;
    };
  }
}
