package ai.transonnx.export.internal.expression;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.HalfFloat;
import java.nio.ShortBuffer;

/** Rounds float64 to the nearest float32, and float32 to the nearest float16 or bfloat16. */
final class Narrowing {
  private Narrowing() {}

  /**
   * Rounds the first {@code count} values to float32.
   *
   * @param into receives the results
   * @return false if a finite value is too large for float32
   */
  static boolean toFloat32(double[] values, int count, float[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = (float) values[i];
    }
    for (int i = 0; i < count; i++) {
      if (Float.isInfinite(into[i]) && !Double.isInfinite(values[i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * Rounds the first {@code count} values.
   *
   * @param into receives the results
   * @return false if a finite value is too large for the type
   */
  static boolean of(ElementType type, float[] values, int count, ShortBuffer into) {
    for (int i = 0; i < count; i++) {
      short bits = HalfFloat.narrow(type, values[i]);
      if (Float.isFinite(values[i]) && !Float.isFinite(HalfFloat.widen(type, bits))) {
        return false;
      }
      into.put(i, bits);
    }
    return true;
  }
}
