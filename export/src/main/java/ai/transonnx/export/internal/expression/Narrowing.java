package ai.transonnx.export.internal.expression;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.HalfFloat;
import java.nio.ShortBuffer;

/** Rounds float32 to the nearest float16 or bfloat16. */
final class Narrowing {
  private Narrowing() {}

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
