package ai.transonnx.export.internal.expression;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.HalfFloat;
import java.nio.ShortBuffer;

/** Floats rounded to the nearest of 16 bits. */
final class Narrowing {
  private Narrowing() {}

  /**
   * Rounds the first {@code count} values.
   *
   * @param into takes them
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
