package ai.transonnx.export.derivation;

/** The floats of 16 bits, widened exactly. */
final class HalfFloat {
  private static final int SIGN = 0x8000;
  private static final int MAGNITUDE = 0x7fff;
  private static final int INFINITY = 0x7c00;
  private static final int FLOAT_INFINITY = 0x7f800000;
  private static final int MANTISSA_BITS_GAINED = 13;

  /** float32 and float16 bias their exponents by 127 and 15. */
  private static final float EXPONENT_GAINED = 0x1p112f;

  private HalfFloat() {}

  /** The value of a float16: 1 bit sign, 5 bits exponent, 10 bits mantissa. */
  static float fromFloat16(short bits) {
    int sign = (bits & SIGN) << 16;
    int magnitude = bits & MAGNITUDE;
    int shifted = magnitude << MANTISSA_BITS_GAINED;
    if (magnitude >= INFINITY) {
      return Float.intBitsToFloat(sign | FLOAT_INFINITY | shifted);
    }
    // A subnormal float16 is a subnormal float32 here, which the product makes normal.
    float value = Float.intBitsToFloat(shifted) * EXPONENT_GAINED;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(value));
  }

  /** The value of a bfloat16: the upper half of a float32. */
  static float fromBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
