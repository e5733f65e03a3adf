package ai.transonnx.verification.internal.truth;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.run.Expected.Bound;
import java.util.Arrays;

/**
 * The tolerance of a tensor from the errors that rounding alone causes. For one thread.
 *
 * <p>The tolerance is {@value #FACTOR} times the largest error of a few runs with random rounding,
 * and at least that of one rounding of the tensor's largest magnitude. It is infinite if the errors
 * decide nothing: if one of them is as large as the tensor itself, or if whole numbers change,
 * because a choice between nearly equal values depends on rounding.
 */
public final class RoundingLimits {
  /** The tolerance is this many times the error that rounding alone causes. */
  public static final double FACTOR = 4;

  private final ElementType type;
  private final Tensor exact;
  private double rounding;

  /**
   * The limits of one tensor.
   *
   * @param type the type in the file
   * @param exact the value in float64, or of the file's type if it is no floating-point type
   */
  public RoundingLimits(ElementType type, Tensor exact) {
    this.type = type;
    this.exact = exact;
  }

  /** Adds the result of a run with random rounding. */
  public void add(Tensor rounded) {
    rounding = Math.max(rounding, difference(rounded));
  }

  private double difference(Tensor rounded) {
    if (!Arrays.equals(exact.shape(), rounded.shape())) {
      return Double.POSITIVE_INFINITY;
    }
    if (!type.isFloatingPoint()) {
      return exact.data().equals(rounded.data()) ? 0 : Double.POSITIVE_INFINITY;
    }
    var exactElements = exact.data().asDoubleBuffer();
    var roundedElements = rounded.data().asDoubleBuffer();
    double largest = 0;
    for (int i = 0; i < exactElements.capacity(); i++) {
      largest = Math.max(largest, difference(exactElements.get(i), roundedElements.get(i)));
    }
    return largest;
  }

  /** The difference of two elements; 0 if both are infinite, NaN, or beyond the type's range. */
  private double difference(double exactly, double rounded) {
    if (Double.compare(exactly, rounded) == 0) {
      return 0;
    }
    double difference = Math.abs(exactly - rounded);
    if (Double.isFinite(difference)) {
      return difference;
    }
    boolean areBothBeyond =
        Double.isInfinite(rounded)
            && Math.abs(exactly) > range()
            && Math.signum(exactly) == Math.signum(rounded);
    return areBothBeyond ? 0 : Double.POSITIVE_INFINITY;
  }

  private double range() {
    return switch (type) {
      case FLOAT16 -> 65504;
      case BFLOAT16 -> 0x1.FEp127;
      case FLOAT32 -> Float.MAX_VALUE;
      default -> Double.MAX_VALUE;
    };
  }

  /** The bound after the runs that were added. */
  public Bound bound() {
    if (!type.isFloatingPoint()) {
      return new Bound(rounding, rounding);
    }
    double magnitude = magnitude();
    double tolerance = FACTOR * Math.max(rounding, unit() * magnitude);
    boolean decides = tolerance < magnitude || tolerance == 0;
    return new Bound(rounding, decides ? tolerance : Double.POSITIVE_INFINITY);
  }

  private double magnitude() {
    var elements = exact.data().asDoubleBuffer();
    double magnitude = 0;
    for (int i = 0; i < elements.capacity(); i++) {
      double value = Math.abs(elements.get(i));
      magnitude = Double.isFinite(value) ? Math.max(magnitude, value) : magnitude;
    }
    return magnitude;
  }

  /** The relative error of one rounding. Nothing shows how far float64 itself is off. */
  private double unit() {
    return switch (type) {
      case FLOAT16 -> 0x1p-11;
      case BFLOAT16 -> 0x1p-8;
      case FLOAT32 -> 0x1p-24;
      default -> 0x1p-43;
    };
  }
}
