package ai.transonnx.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static Tensor row(float... values) {
    return Tensor.ofFloats(values, 1, values.length);
  }

  private static Comparison compare(Tensor expected, Tensor actual) {
    return Comparison.of("logits", expected, actual);
  }

  @Test
  void theToleranceGrowsWithTheLargestExpectedMagnitude() {
    assertTrue(compare(row(0, -100), row(0.0029f, -100)).agrees());
    assertFalse(compare(row(0, -100), row(0.0031f, -100)).agrees());
  }

  @Test
  void theToleranceIsAtLeastThatOfMagnitudeOne() {
    assertTrue(compare(row(0.1f), row(0.10002f)).agrees());
    assertFalse(compare(row(0.1f), row(0.10004f)).agrees());
  }

  @Test
  void theWorstElementIsNamed() {
    var comparison =
        compare(
            Tensor.ofFloats(new float[] {0, 1, 2, 3}, 2, 2),
            Tensor.ofFloats(new float[] {0, 1, 2.5f, 3.25f}, 2, 2));
    assertEquals(
        "logits[1, 0] is 2.5, expected 2.0: off by 5.00e-01, 9.00e-05 allowed",
        comparison.description());
  }

  @Test
  void nanAndInfinitiesAgreeOnlyWithTheSameValue() {
    float nan = Float.NaN;
    float infinity = Float.POSITIVE_INFINITY;
    assertTrue(compare(row(nan, infinity), row(nan, infinity)).agrees());
    assertFalse(compare(row(1), row(nan)).agrees());
    assertFalse(compare(row(nan), row(1)).agrees());
    assertFalse(compare(row(infinity), row(-infinity)).agrees());
  }

  @Test
  void anotherShapeDisagrees() {
    var comparison = compare(row(1, 2), row(1));
    assertFalse(comparison.agrees());
    assertEquals("logits has shape [1, 1], expected [1, 2]", comparison.description());
  }

  @Test
  void integersAgreeOnlyIfEqual() {
    var expected = Tensor.ofLongs(new long[] {1, 2, 3}, 1, 3);
    assertTrue(compare(expected, expected).agrees());
    assertEquals(
        "logits[0, 2] is 4, expected 3",
        compare(expected, Tensor.ofLongs(new long[] {1, 2, 4}, 1, 3)).description());
  }

  @Test
  void anEmptyTensorAgreesWithAnother() {
    assertTrue(compare(row(), row()).agrees());
  }
}
