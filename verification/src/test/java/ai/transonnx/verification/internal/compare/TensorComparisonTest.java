package ai.transonnx.verification.internal.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.report.TensorReport;
import ai.transonnx.verification.report.TensorReport.MagnitudeBin;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorComparisonTest {
  private static TensorReport floats(double[] expected, float... actual) {
    return floats(ElementType.FLOAT32, expected, Tensor.ofFloats(actual, actual.length));
  }

  private static TensorReport floats(ElementType type, double[] expected, Tensor actual) {
    var bytes = ByteBuffer.allocateDirect(8 * expected.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(expected);
    return new TensorComparison("out", type, 0.1, 0.5)
        .of(Tensor.of(ElementType.FLOAT64, bytes, expected.length), actual);
  }

  @Test
  void theErrorIsDividedByTheTolerance() {
    var report = floats(new double[] {1, 2, -8}, 1, 2.25f, -8);
    assertEquals(0.25, report.error());
    assertEquals(0.5, report.ratio());
    assertEquals(8, report.magnitude());
    assertTrue(report.passed());
    assertFalse(floats(new double[] {1}, 1.75f).passed());
  }

  @Test
  void aDifferenceThatRoundingDecidesIsUndecided() {
    var any = new TensorComparison("x", ElementType.FLOAT32, 3, Double.POSITIVE_INFINITY);
    var expected = Tensor.ofFloats(new float[] {1, 2}, 2);
    var report = any.of(expected, Tensor.ofFloats(new float[] {2, 2}, 2));
    assertTrue(report.isUndecided());
    assertTrue(report.passed());
    assertEquals("x float32 [2]: error 1 is undecided: rounding decides", report.summary());
    assertFalse(any.of(expected, expected).isUndecided());
    var notANumber = any.of(expected, Tensor.ofFloats(new float[] {Float.NaN, 2}, 2));
    assertEquals(TensorReport.Status.FAILED, notANumber.status());
  }

  @Test
  void theWorstElementsAreIndexed() {
    var expected = Tensor.ofFloats(new float[] {0, 0, 0, 0, 0, 0}, 2, 3);
    var actual = Tensor.ofFloats(new float[] {0, 1, 0, 0, 0, 3}, 2, 3);
    var worst = new TensorComparison("x", ElementType.FLOAT32, 0, 1).of(expected, actual).worst();
    assertEquals(
        List.of(
            new TensorReport.Element(List.of(1L, 2L), 0, 3),
            new TensorReport.Element(List.of(0L, 1L), 0, 1)),
        worst);
  }

  @Test
  void errorsAreCollectedByMagnitude() {
    var report = floats(new double[] {1, 1.5, 4, 0}, 1, 1.25f, 4.5f, 0);
    assertEquals(
        List.of(new MagnitudeBin(0, 2, 0.25, 0.125), new MagnitudeBin(2, 1, 0.5, 0.5)),
        report.histogram());
  }

  @Test
  void notANumberAgreesOnlyWithItself() {
    assertTrue(floats(new double[] {Double.NaN, 1}, Float.NaN, 1).passed());
    var report = floats(new double[] {0, 1}, Float.NaN, 1);
    assertEquals(Double.POSITIVE_INFINITY, report.ratio());
    assertNotNull(report.mismatch());
    assertFalse(floats(new double[] {Double.NaN}, 1).passed());
  }

  @Test
  void aNumberBeyondTheTypeIsInfinite() {
    assertTrue(floats(new double[] {1e39}, Float.POSITIVE_INFINITY).passed());
    assertFalse(floats(new double[] {1e38}, Float.POSITIVE_INFINITY).passed());
    var half = Tensor.ofFloats(new float[] {Float.NEGATIVE_INFINITY}, 1).as(ElementType.FLOAT16);
    assertTrue(floats(ElementType.FLOAT16, new double[] {-70000}, half).passed());
  }

  @Test
  void integersMustBeEqual() {
    var expected = Tensor.ofLongs(new long[] {1L << 60, 5}, 2);
    var same = new TensorComparison("ids", ElementType.INT64, 0, 0);
    assertTrue(same.of(expected, Tensor.ofLongs(new long[] {1L << 60, 5}, 2)).passed());
    assertFalse(same.of(expected, Tensor.ofLongs(new long[] {1L << 60, 6}, 2)).passed());
    assertFalse(same.of(expected, Tensor.ofLongs(new long[] {(1L << 60) + 1, 5}, 2)).passed());
  }

  @Test
  void otherShapesAndTypesAreNotCompared() {
    var comparison = new TensorComparison("x", ElementType.FLOAT32, 0, 1);
    var expected = Tensor.zeros(ElementType.FLOAT64, 2, 3);
    var shape = comparison.of(expected, Tensor.zeros(ElementType.FLOAT32, 3, 2));
    assertNull(shape.error());
    assertEquals("its shape is [3, 2], not [2, 3]", shape.mismatch());
    var type = comparison.of(expected, Tensor.zeros(ElementType.FLOAT16, 2, 3));
    assertEquals("its type is float16, not float32", type.mismatch());
    assertFalse(type.passed());
  }

  @Test
  void emptyTensorsAgree() {
    assertEquals(0, floats(new double[0]).ratio());
  }
}
