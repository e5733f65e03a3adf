package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.ElementType;

/**
 * A compared intermediate value. Immutable, so threads may share it.
 *
 * @param type of the elements in the compared runtime
 * @param magnitude the largest magnitude of the expected elements
 * @param error the largest difference
 * @param rounding the largest difference that rounding alone causes
 * @param tolerance the allowed difference
 */
record ValueResult(
    String value,
    ElementType type,
    double magnitude,
    double error,
    double rounding,
    double tolerance) {
  /** The error divided by the tolerance. */
  double ratio() {
    if (error == 0 || Double.isInfinite(tolerance)) {
      return 0;
    }
    return tolerance > 0 ? error / tolerance : Double.POSITIVE_INFINITY;
  }

  boolean isWrong() {
    return ratio() > 1;
  }
}
