package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import java.util.Arrays;

/**
 * The difference of a tensor from the expected one. Immutable, so threads may share it.
 *
 * <p>Scores are masked with infinity, or with a number near the end of the range of some type,
 * which must not count as the magnitude of the others. Numbers beyond {@code 1e30}, and beyond the
 * range of the actual type, therefore count as infinite.
 *
 * @param magnitude the largest magnitude of the expected elements that are not infinite
 * @param error the largest difference; infinite if the shapes differ, or an element is NaN or
 *     infinite in one of the tensors alone
 */
record Difference(double magnitude, double error) {
  private static final double INFINITE = 1e30;
  private static final double LARGEST_FLOAT16 = 65504;
  private static final int CHUNK = 8192;

  /** Compares tensors of any types. */
  static Difference of(Tensor expected, Tensor actual) {
    if (!Arrays.equals(expected.shape(), actual.shape())) {
      return new Difference(0, Double.POSITIVE_INFINITY);
    }
    double range = actual.type() == ElementType.FLOAT16 ? LARGEST_FLOAT16 : INFINITE;
    var wanted = new double[CHUNK];
    var found = new double[CHUNK];
    double magnitude = 0;
    double error = 0;
    int size = expected.size();
    for (int from = 0; from < size; from += CHUNK) {
      int count = Math.min(CHUNK, size - from);
      read(expected, from, count, wanted);
      read(actual, from, count, found);
      for (int i = 0; i < count; i++) {
        boolean isFinite = Math.abs(wanted[i]) <= range;
        if (isFinite && Math.abs(found[i]) <= range) {
          magnitude = Math.max(magnitude, Math.abs(wanted[i]));
          error = Math.max(error, Math.abs(wanted[i] - found[i]));
        } else if (Double.compare(limited(wanted[i], range), limited(found[i], range)) != 0) {
          magnitude = isFinite ? Math.max(magnitude, Math.abs(wanted[i])) : magnitude;
          error = Double.POSITIVE_INFINITY;
        }
      }
    }
    return new Difference(magnitude, error);
  }

  private static double limited(double value, double range) {
    return Math.abs(value) > range ? Math.copySign(Double.POSITIVE_INFINITY, value) : value;
  }

  private static void read(Tensor tensor, int from, int count, double[] into) {
    var data = tensor.data();
    switch (tensor.type()) {
      case FLOAT64 -> data.asDoubleBuffer().get(from, into, 0, count);
      case FLOAT32 -> {
        var floats = data.asFloatBuffer();
        for (int i = 0; i < count; i++) {
          into[i] = floats.get(from + i);
        }
      }
      case FLOAT16, BFLOAT16 -> {
        var part = data.slice(from * Short.BYTES, count * Short.BYTES);
        var floats = Tensor.of(tensor.type(), part, count).floats();
        for (int i = 0; i < count; i++) {
          into[i] = floats[i];
        }
      }
      case INT64, UINT64 -> {
        var longs = data.asLongBuffer();
        for (int i = 0; i < count; i++) {
          into[i] = longs.get(from + i);
        }
      }
      case INT32, UINT32 -> {
        var ints = data.asIntBuffer();
        for (int i = 0; i < count; i++) {
          into[i] = ints.get(from + i);
        }
      }
      case INT16, UINT16 -> {
        var shorts = data.asShortBuffer();
        for (int i = 0; i < count; i++) {
          into[i] = shorts.get(from + i);
        }
      }
      case INT8, UINT8, BOOL -> {
        for (int i = 0; i < count; i++) {
          into[i] = data.get(from + i);
        }
      }
      default -> throw new IllegalArgumentException(tensor.type() + " is not compared");
    }
  }
}
