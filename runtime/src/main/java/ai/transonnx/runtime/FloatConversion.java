package ai.transonnx.runtime;

import ai.onnxruntime.platform.Fp16Conversions;
import ai.transonnx.format.ElementType;
import java.nio.ByteBuffer;

/** Converts floating-point elements of every width from and to float32, and to float64. */
final class FloatConversion {
  private FloatConversion() {}

  /**
   * Reads {@code count} elements, from the one of index {@code first}.
   *
   * @throws RequestException if {@code type} is not a floating-point type
   */
  static void read(ElementType type, ByteBuffer data, int first, float[] into, int count) {
    switch (type) {
      case FLOAT32 -> data.asFloatBuffer().get(first, into, 0, count);
      case FLOAT64 -> {
        for (int i = 0; i < count; i++) {
          into[i] = (float) data.getDouble((first + i) * Double.BYTES);
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          into[i] = Fp16Conversions.fp16ToFloat(data.getShort((first + i) * Short.BYTES));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < count; i++) {
          into[i] = Fp16Conversions.bf16ToFloat(data.getShort((first + i) * Short.BYTES));
        }
      }
      default -> throw new RequestException(type + " is not a floating-point type");
    }
  }

  /**
   * Reads {@code count} elements, from the one of index {@code first}.
   *
   * @throws RequestException if {@code type} is not a floating-point type
   */
  static void read(ElementType type, ByteBuffer data, int first, double[] into, int count) {
    if (type == ElementType.FLOAT64) {
      data.asDoubleBuffer().get(first, into, 0, count);
      return;
    }
    var values = new float[count];
    read(type, data, first, values, count);
    for (int i = 0; i < count; i++) {
      into[i] = values[i];
    }
  }

  /**
   * Writes values from the first element on, each rounded to the nearest.
   *
   * @throws RequestException if {@code type} is not a floating-point type
   */
  static void write(ElementType type, float[] values, ByteBuffer into) {
    switch (type) {
      case FLOAT32 -> into.asFloatBuffer().put(values);
      case FLOAT64 -> {
        for (int i = 0; i < values.length; i++) {
          into.putDouble(i * Double.BYTES, values[i]);
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < values.length; i++) {
          into.putShort(i * Short.BYTES, Fp16Conversions.floatToFp16(values[i]));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < values.length; i++) {
          into.putShort(i * Short.BYTES, Fp16Conversions.floatToBf16(values[i]));
        }
      }
      default -> throw new RequestException(type + " is not a floating-point type");
    }
  }
}
