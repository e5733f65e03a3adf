package ai.transonnx.export.derivation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HalfFloatTest {
  @Test
  void widensEveryFloat16Exactly() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float actual = HalfFloat.fromFloat16((short) bits);
      assertEquals(Float.floatToIntBits(expected(bits)), Float.floatToIntBits(actual));
    }
  }

  private static float expected(int bits) {
    int exponent = bits >> 10 & 0x1f;
    int mantissa = bits & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> Math.scalb((float) mantissa, -24);
          case 0x1f -> mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Math.scalb((float) (mantissa + 0x400), exponent - 25);
        };
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  @Test
  void widensBfloat16ByZeros() {
    assertEquals(1f, HalfFloat.fromBfloat16((short) 0x3f80));
    assertEquals(-0x1.fep127f, HalfFloat.fromBfloat16((short) 0xff7f));
    assertEquals(Float.NEGATIVE_INFINITY, HalfFloat.fromBfloat16((short) 0xff80));
  }
}
