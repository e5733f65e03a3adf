package ai.transonnx.graph;

import ai.transonnx.format.ElementType;

/**
 * Conversions of float16 and bfloat16: widening is exact, narrowing rounds to nearest, ties to
 * even.
 *
 * <p>Its methods are thread-safe.
 */
public final class HalfFloat {
  private static final int SIGN = 0x8000;
  private static final int MAGNITUDE = 0x7fff;
  private static final int INFINITY = 0x7c00;
  private static final int NOT_A_NUMBER = 0x7e00;
  private static final int FLOAT_INFINITY = 0x7f800000;
  private static final int FLOAT_MAGNITUDE = 0x7fffffff;
  private static final int MANTISSA_BITS_GAINED = 13;

  /**
   * 2 to the power of the difference of the exponent biases, 127 for float32 and 15 for float16.
   */
  private static final float EXPONENT_GAINED = 0x1p112f;

  private static final int BIAS_LOST = 112 << 10;
  private static final float LEAST_NORMAL_FLOAT16 = 0x1p-14f;
  private static final float SUBNORMALS_OF_ONE = 0x1p24f;

  private HalfFloat() {}

  /** The value of a float16: 1 bit sign, 5 bits exponent, 10 bits mantissa. */
  public static float fromFloat16(short bits) {
    int sign = (bits & SIGN) << 16;
    int magnitude = bits & MAGNITUDE;
    int shifted = magnitude << MANTISSA_BITS_GAINED;
    if (magnitude >= INFINITY) {
      return Float.intBitsToFloat(sign | FLOAT_INFINITY | shifted);
    }
    // Here a subnormal float16 is a subnormal float32; the product makes it normal.
    float value = Float.intBitsToFloat(shifted) * EXPONENT_GAINED;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(value));
  }

  /** The value of a bfloat16: the upper half of a float32. */
  public static float fromBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest float16; infinity from 65520 on. */
  public static short toFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & SIGN;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | NOT_A_NUMBER);
    }
    if (magnitude < LEAST_NORMAL_FLOAT16) {
      return (short) (sign | (int) Math.rint(magnitude * SUBNORMALS_OF_ONE));
    }
    int rounded = nearest(bits & FLOAT_MAGNITUDE, MANTISSA_BITS_GAINED) - BIAS_LOST;
    return (short) (sign | Math.min(rounded, INFINITY));
  }

  /** The nearest bfloat16. */
  public static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40); // keeps the mantissa nonzero in the upper 16 bits
    }
    return (short) (((bits >>> 16) & SIGN) | nearest(bits & FLOAT_MAGNITUDE, Short.SIZE));
  }

  /** Drops the lowest bits with rounding to nearest, ties to even. */
  private static int nearest(int bits, int dropped) {
    int odd = (bits >>> dropped) & 1;
    return (bits + (1 << (dropped - 1)) - 1 + odd) >>> dropped;
  }

  /**
   * The nearest float16 or bfloat16, as bits.
   *
   * @throws GraphException if {@code type} is neither
   */
  public static short narrow(ElementType type, float value) {
    return switch (type) {
      case FLOAT16 -> toFloat16(value);
      case BFLOAT16 -> toBfloat16(value);
      default -> throw new GraphException("expected float16 or bfloat16, got " + type);
    };
  }

  /**
   * The value of a float16 or bfloat16.
   *
   * @throws GraphException if {@code type} is neither
   */
  public static float widen(ElementType type, short bits) {
    return switch (type) {
      case FLOAT16 -> fromFloat16(bits);
      case BFLOAT16 -> fromBfloat16(bits);
      default -> throw new GraphException("expected float16 or bfloat16, got " + type);
    };
  }

  /**
   * Whether a float16 or bfloat16 can represent a value up to rounding: as zero or a finite normal
   * number.
   */
  static boolean holds(ElementType type, float value) {
    float least = type == ElementType.FLOAT16 ? LEAST_NORMAL_FLOAT16 : Float.MIN_NORMAL;
    return value == 0
        || (Math.abs(value) >= least && Float.isFinite(widen(type, narrow(type, value))));
  }
}
