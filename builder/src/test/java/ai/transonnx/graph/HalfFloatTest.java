package ai.transonnx.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
  void widensBfloat16ByAppendingZeroBits() {
    assertEquals(1f, HalfFloat.fromBfloat16((short) 0x3f80));
    assertEquals(-0x1.fep127f, HalfFloat.fromBfloat16((short) 0xff7f));
    assertEquals(Float.NEGATIVE_INFINITY, HalfFloat.fromBfloat16((short) 0xff80));
  }

  @Test
  void narrowsEveryFloat16ToItself() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = HalfFloat.fromFloat16((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, HalfFloat.toFloat16(value));
      }
    }
  }

  @Test
  void narrowsToNearestTiesToEven() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float below = HalfFloat.fromFloat16((short) bits);
      float above = HalfFloat.fromFloat16((short) (bits + 1));
      float tie = (below + above) / 2;
      assertEquals((short) (bits + (bits & 1)), HalfFloat.toFloat16(tie));
      assertEquals((short) bits, HalfFloat.toFloat16(Math.nextDown(tie)));
      assertEquals((short) (bits + 1), HalfFloat.toFloat16(Math.nextUp(tie)));
      assertEquals((short) (bits + 1 | 0x8000), HalfFloat.toFloat16(-Math.nextUp(tie)));
    }
  }

  @Test
  void narrowsTooLargeValuesToInfinity() {
    assertEquals((short) 0x7bff, HalfFloat.toFloat16(Math.nextDown(65520f)));
    assertEquals((short) 0x7c00, HalfFloat.toFloat16(65520f));
    assertEquals((short) 0xfc00, HalfFloat.toFloat16(-Float.MAX_VALUE));
    assertEquals((short) 0x7f80, HalfFloat.toBfloat16(Float.MAX_VALUE));
  }

  @Test
  void narrowsToBfloat16WithRoundingOfTheUpperBits() {
    assertEquals((short) 0x3f80, HalfFloat.toBfloat16(1 + 0x1p-8f)); // ties to even
    assertEquals((short) 0x3f81, HalfFloat.toBfloat16(1 + 0x1.1p-8f));
    assertEquals((short) 0xbf82, HalfFloat.toBfloat16(-1 - 3 * 0x1p-8f));
    assertEquals((short) 0x0001, HalfFloat.toBfloat16(Float.intBitsToFloat(0x00010000)));
  }

  @Test
  void keepsNan() {
    float odd = Float.intBitsToFloat(0x7f800001);
    assertTrue(Float.isNaN(HalfFloat.fromFloat16(HalfFloat.toFloat16(odd))));
    assertTrue(Float.isNaN(HalfFloat.fromBfloat16(HalfFloat.toBfloat16(odd))));
  }
}
