package ai.transonnx.verification;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import java.util.Arrays;
import java.util.Locale;

/**
 * The difference of a tensor from the expected one. Immutable, so threads may share it.
 *
 * <p>Floating-point tensors agree if every element is within a {@link Tolerance}, other tensors if
 * every element is equal. NaN and infinities agree only with the same value.
 *
 * @param agrees whether the tensors agree, or the comparison is undecided
 * @param decided false if rounding alone may change the result, so that the comparison decides
 *     nothing
 * @param share the largest difference as a share of the tolerance; infinite if shapes or types
 *     differ
 * @param description the name of the tensor and its worst element
 */
public record Comparison(boolean agrees, boolean decided, double share, String description) {
  /** A decided comparison. */
  Comparison(boolean agrees, double share, String description) {
    this(agrees, true, share, description);
  }

  /** Compares a tensor of a float32 model with the recorded one. */
  public static Comparison of(String name, Tensor expected, Tensor actual) {
    return of(name, expected, actual, Tolerance.FLOAT32);
  }

  /** Compares a tensor with the recorded one. */
  public static Comparison of(String name, Tensor expected, Tensor actual, Tolerance tolerance) {
    if (!Arrays.equals(expected.shape(), actual.shape())) {
      return different(
          "%s has shape %s, expected %s"
              .formatted(name, Arrays.toString(actual.shape()), Arrays.toString(expected.shape())));
    }
    if (expected.type().isFloatingPoint() != actual.type().isFloatingPoint()) {
      return different("%s is %s, expected %s".formatted(name, actual.type(), expected.type()));
    }
    return expected.type().isFloatingPoint()
        ? floats(name, expected, actual, tolerance)
        : integers(name, expected.shape(), whole(expected), whole(actual));
  }

  /** This comparison with circumstances in its description. */
  Comparison in(String circumstances) {
    return new Comparison(agrees, decided, share, description + " (" + circumstances + ")");
  }

  /** This comparison as one that decides nothing. */
  Comparison undecided(String reason) {
    return new Comparison(true, false, 0, description + ", but " + reason);
  }

  private static Comparison different(String description) {
    return new Comparison(false, Double.POSITIVE_INFINITY, description);
  }

  private static long[] whole(Tensor tensor) {
    if (tensor.type() != ElementType.BOOL) {
      return tensor.longs();
    }
    var flags = tensor.booleans();
    var numbers = new long[flags.length];
    Arrays.setAll(numbers, i -> flags[i] ? 1 : 0);
    return numbers;
  }

  /** The largest magnitude of the finite elements. */
  static double magnitude(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    return largest;
  }

  private static Comparison floats(
      String name, Tensor recorded, Tensor computed, Tolerance tolerance) {
    var expected = recorded.doubles();
    var actual = computed.doubles();
    double allowed = tolerance.of(magnitude(expected), recorded.type());
    int worst = 0;
    double most = -1;
    for (int i = 0; i < expected.length; i++) {
      double difference = difference(expected[i], actual[i]);
      if (difference > most) {
        most = difference;
        worst = i;
      }
    }
    if (most < 0) {
      return new Comparison(true, 0, name + " is empty, as expected");
    }
    return new Comparison(
        most <= allowed,
        most / allowed,
        String.format(
            Locale.ROOT,
            "%s%s is %s, expected %s: off by %.2e, %.2e allowed",
            name,
            index(worst, recorded.shape()),
            text(computed, actual[worst]),
            text(recorded, expected[worst]),
            most,
            allowed));
  }

  /** A number as its type prints it. */
  private static String text(Tensor tensor, double value) {
    return tensor.type() == ElementType.FLOAT64
        ? Double.toString(value)
        : Float.toString((float) value);
  }

  private static double difference(double expected, double actual) {
    if (Double.isFinite(expected) && Double.isFinite(actual)) {
      return Math.abs(expected - actual);
    }
    return Double.compare(expected, actual) == 0 ? 0 : Double.POSITIVE_INFINITY;
  }

  private static Comparison integers(String name, long[] shape, long[] expected, long[] actual) {
    int first = Arrays.mismatch(expected, actual);
    if (first < 0) {
      return new Comparison(true, 0, name + " is as expected");
    }
    return different(
        "%s%s is %s, expected %s"
            .formatted(name, index(first, shape), actual[first], expected[first]));
  }

  /** The index of an element in each dimension, such as {@code [1, 3, 5]}. */
  private static String index(int element, long[] shape) {
    var indices = new long[shape.length];
    long rest = element;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      indices[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    return shape.length == 0 ? "" : Arrays.toString(indices);
  }
}
