package ai.transonnx.verification.internal.structure;

import ai.transonnx.runtime.Tensor;
import java.util.Arrays;
import java.util.Map;

/** The difference of two computations in float64, relative to the magnitude of each tensor. */
record TwinDifference(double magnitude, double error) {
  /**
   * The largest relative difference of tensors of equal names.
   *
   * @param least the magnitude below which differences are absolute
   */
  static double worst(Map<String, Tensor> expected, Map<String, Tensor> actual, double least) {
    double worst = 0;
    for (var entry : expected.entrySet()) {
      var other = actual.get(entry.getKey());
      worst = other == null ? worst : Math.max(worst, of(entry.getValue(), other).relative(least));
    }
    return worst;
  }

  /** The difference of two tensors; infinite if their types or shapes differ, or whole numbers. */
  static TwinDifference of(Tensor expected, Tensor actual) {
    if (expected.type() != actual.type() || !Arrays.equals(expected.shape(), actual.shape())) {
      return new TwinDifference(0, Double.POSITIVE_INFINITY);
    }
    if (!expected.type().isFloatingPoint()) {
      return new TwinDifference(
          0, expected.data().equals(actual.data()) ? 0 : Double.POSITIVE_INFINITY);
    }
    var expectedElements = expected.data().asDoubleBuffer();
    var actualElements = actual.data().asDoubleBuffer();
    double magnitude = 0;
    double error = 0;
    for (int i = 0; i < expectedElements.capacity(); i++) {
      double wanted = expectedElements.get(i);
      double found = actualElements.get(i);
      if (Double.isFinite(wanted)) {
        magnitude = Math.max(magnitude, Math.abs(wanted));
      }
      if (Double.compare(wanted, found) != 0) {
        double difference = Math.abs(wanted - found);
        error = Math.max(error, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
      }
    }
    return new TwinDifference(magnitude, error);
  }

  double relative() {
    return relative(0);
  }

  private double relative(double least) {
    double size = Math.max(magnitude, least);
    return error == 0 ? 0 : size == 0 ? Double.POSITIVE_INFINITY : error / size;
  }
}
