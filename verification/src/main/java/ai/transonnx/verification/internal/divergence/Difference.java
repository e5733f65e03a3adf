package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import java.util.Arrays;

/**
 * The difference of a tensor from the expected one. Immutable, so threads may share it.
 *
 * <p>Scores that are masked with a number near the end of float32's range say nothing about the
 * magnitude of the others. Elements of such a size therefore count with their relative difference.
 *
 * @param magnitude the largest magnitude of the expected elements that are not larger than that
 * @param error the largest difference; infinite if the shapes differ, or an element is NaN or
 *     infinite in one of the tensors alone
 */
record Difference(double magnitude, double error) {
  private static final double MASKED = 1e30;
  private static final int CHUNK = 8192;

  /** Compares tensors of any types. */
  static Difference of(Tensor expected, Tensor actual) {
    if (!Arrays.equals(expected.shape(), actual.shape())) {
      return new Difference(0, Double.POSITIVE_INFINITY);
    }
    double range = range(actual.type());
    var wanted = new double[CHUNK];
    var found = new double[CHUNK];
    double magnitude = 0;
    double error = 0;
    double masked = 0;
    int size = expected.size();
    for (int from = 0; from < size; from += CHUNK) {
      int count = Math.min(CHUNK, size - from);
      read(expected, from, count, wanted);
      read(actual, from, count, found);
      for (int i = 0; i < count; i++) {
        double e =
            Math.abs(wanted[i]) > range
                ? Math.copySign(Double.POSITIVE_INFINITY, wanted[i])
                : wanted[i];
        double difference = Math.abs(e - found[i]);
        double absolute = Math.abs(e);
        if (absolute < MASKED && difference < MASKED) {
          magnitude = Math.max(magnitude, absolute);
          error = Math.max(error, difference);
        } else if (Double.isFinite(difference)) {
          masked = Math.max(masked, difference / Math.max(absolute, MASKED));
        } else if (Double.compare(e, found[i]) != 0) {
          error = Double.POSITIVE_INFINITY;
        }
      }
    }
    double relative = magnitude == 0 ? 1 : magnitude;
    return new Difference(magnitude, Math.max(error, masked * relative));
  }

  private static double range(ElementType type) {
    return switch (type) {
      case FLOAT16 -> 65504;
      case BFLOAT16 -> 0x1.FEp127;
      case FLOAT32 -> Float.MAX_VALUE;
      default -> Double.POSITIVE_INFINITY;
    };
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
    }
  }
}
