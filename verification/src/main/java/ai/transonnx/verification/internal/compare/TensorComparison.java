package ai.transonnx.verification.internal.compare;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.report.TensorReport;
import ai.transonnx.verification.report.TensorReport.Status;
import java.util.Arrays;
import java.util.List;

/**
 * Compares a tensor with the expected one.
 *
 * <p>Floating-point elements agree within the tolerance, others if they are equal. NaN and infinity
 * agree only with themselves; an expected number beyond the range of the actual type counts as
 * infinity.
 *
 * @param name the name of the tensor
 * @param type the type that the model declares
 * @param rounding the largest difference that rounding alone causes
 * @param tolerance the allowed difference
 */
public record TensorComparison(String name, ElementType type, double rounding, double tolerance) {
  /** The result of comparing two tensors. */
  public TensorReport of(Tensor expected, Tensor actual) {
    if (actual.type() != type) {
      return mismatch(expected, actual, "its type is %s, not %s".formatted(actual.type(), type));
    }
    if (!Arrays.equals(expected.shape(), actual.shape())) {
      return mismatch(
          expected,
          actual,
          "its shape is %s, not %s"
              .formatted(Arrays.toString(actual.shape()), Arrays.toString(expected.shape())));
    }
    return compared(expected, actual);
  }

  private TensorReport compared(Tensor expected, Tensor actual) {
    var expectedElements = Elements.of(expected);
    var actualElements = Elements.of(actual);
    double range = Elements.largest(type);
    var worst = new WorstElements();
    var bins = new MagnitudeBins();
    double magnitude = 0;
    double error = 0;
    int wrong = 0;
    for (int i = 0; i < expected.size(); i++) {
      double wanted = inRange(expectedElements.at(i), range);
      double found = actualElements.at(i);
      if (Double.isFinite(wanted)) {
        magnitude = Math.max(magnitude, Math.abs(wanted));
      }
      if (Double.isFinite(wanted) && Double.isFinite(found)) {
        double difference = difference(expected, actual, i, Math.abs(wanted - found));
        error = Math.max(error, difference);
        worst.add(i, difference, wanted, found);
        bins.add(wanted, difference);
      } else if (Double.compare(wanted, found) != 0) {
        wrong++;
        worst.add(i, Double.POSITIVE_INFINITY, wanted, found);
      }
    }
    return new TensorReport(
        name,
        type.toString(),
        shape(actual),
        magnitude,
        error,
        rounding,
        tolerance(),
        wrong > 0 ? Double.POSITIVE_INFINITY : ratio(error),
        wrong > 0 ? Status.FAILED : status(error),
        wrong > 0 ? "%s elements are NaN or infinite in one tensor only".formatted(wrong) : null,
        worst.elements(actual.shape()),
        type.isFloatingPoint() ? bins.bins() : List.of());
  }

  /** Whole numbers of 64 bits may differ although they are equal as float64. */
  private static double difference(Tensor expected, Tensor actual, int i, double difference) {
    boolean isExact = difference > 0 || expected.type().bytes() < Long.BYTES;
    if (isExact || expected.type().isFloatingPoint()) {
      return difference;
    }
    int at = i * Long.BYTES;
    return expected.data().getLong(at) == actual.data().getLong(at) ? 0 : 1;
  }

  private double ratio(double error) {
    if (error == 0) {
      return 0;
    }
    return tolerance > 0 ? error / tolerance : Double.POSITIVE_INFINITY;
  }

  private Status status(double error) {
    if (error > 0 && Double.isInfinite(tolerance)) {
      return Status.UNDECIDED;
    }
    return ratio(error) <= 1 ? Status.PASSED : Status.FAILED;
  }

  private static double inRange(double value, double range) {
    return Math.abs(value) > range ? Math.copySign(Double.POSITIVE_INFINITY, value) : value;
  }

  private TensorReport mismatch(Tensor expected, Tensor actual, String reason) {
    return new TensorReport(
        name,
        actual.type().toString(),
        shape(actual),
        Magnitude.of(expected),
        null,
        rounding,
        tolerance,
        Double.POSITIVE_INFINITY,
        Status.FAILED,
        reason,
        List.of(),
        List.of());
  }

  private static List<Long> shape(Tensor tensor) {
    return Arrays.stream(tensor.shape()).boxed().toList();
  }
}
