package ai.transonnx.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.graph.Precision;
import ai.transonnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

class ToleranceTest {
  private static boolean agrees(float expected, float actual, Precision precision) {
    return Comparison.of("y", one(expected), one(actual), Tolerance.of(precision)).agrees();
  }

  private static Tensor one(float value) {
    return Tensor.ofFloats(new float[] {value}, 1);
  }

  @Test
  void float32AllowsThreeIn100000() {
    assertEquals(3e-5, Tolerance.of(Precision.FLOAT32).share());
    assertTrue(agrees(0.5f, 0.50002f, Precision.FLOAT32));
    assertFalse(agrees(0.5f, 0.50004f, Precision.FLOAT32));
  }

  @Test
  void float16AndBfloat16Allow32Roundings() {
    assertTrue(agrees(1, 1 + 32 * 0x1p-11f, Precision.FLOAT16));
    assertFalse(agrees(1, 1 + 33 * 0x1p-11f, Precision.FLOAT16));
    assertTrue(agrees(1, 1 + 32 * 0x1p-8f, Precision.BFLOAT16));
    assertFalse(agrees(1, 1 + 33 * 0x1p-8f, Precision.BFLOAT16));
  }

  @Test
  void float64AllowsOneInABillion() {
    var recorded = Tensor.ofDoubles(new double[] {2}, 1);
    var close = Tensor.ofDoubles(new double[] {2 + 1.9e-9}, 1);
    var far = Tensor.ofDoubles(new double[] {2 + 2.1e-9}, 1);
    assertTrue(Comparison.of("y", recorded, close, Tolerance.FLOAT64).agrees());
    assertFalse(Comparison.of("y", recorded, far, Tolerance.FLOAT64).agrees());
  }

  @Test
  void float64Allows32RoundingsOfAFloat32Recording() {
    assertTrue(agrees(1, 1 + 32 * 0x1p-24f, Precision.FLOAT64));
    assertFalse(agrees(1, 1 + 34 * 0x1p-24f, Precision.FLOAT64));
  }

  @Test
  void growsWithMagnitudesAboveOne() {
    assertTrue(agrees(0, 32 * 0x1p-11f, Precision.FLOAT16));
    assertTrue(agrees(-8, -8 + 256 * 0x1p-11f, Precision.FLOAT16));
    assertFalse(agrees(-8, -8 + 257 * 0x1p-11f, Precision.FLOAT16));
  }

  @Test
  void nanAndInfinityDoNotAgreeWithANumber() {
    assertFalse(agrees(1, Float.NaN, Precision.BFLOAT16));
    assertFalse(agrees(1, Float.POSITIVE_INFINITY, Precision.BFLOAT16));
  }
}
