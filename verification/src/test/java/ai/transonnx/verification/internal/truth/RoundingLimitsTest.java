package ai.transonnx.verification.internal.truth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.run.Expected.Bound;
import org.junit.jupiter.api.Test;

class RoundingLimitsTest {
  private static Tensor doubles(double... values) {
    return Tensor.ofDoubles(values, values.length);
  }

  private static Bound bound(ElementType type, Tensor exact, Tensor... rounded) {
    var limits = new RoundingLimits(type, exact);
    for (var tensor : rounded) {
      limits.add(tensor);
    }
    return limits.bound();
  }

  @Test
  void theToleranceIsAMultipleOfTheLargestError() {
    var bound =
        bound(
            ElementType.FLOAT32,
            doubles(1, -2),
            doubles(1 + 0x1p-20, -2),
            doubles(1, -2 - 0x1p-18));
    assertEquals(new Bound(0x1p-18, RoundingLimits.FACTOR * 0x1p-18), bound);
  }

  @Test
  void itIsAtLeastThatOfOneRoundingOfTheLargestElement() {
    assertEquals(
        new Bound(0, RoundingLimits.FACTOR * 0x1p-22),
        bound(ElementType.FLOAT32, doubles(1, 4), doubles(1, 4)));
    assertEquals(
        new Bound(0, RoundingLimits.FACTOR * 0x1p-8),
        bound(ElementType.BFLOAT16, doubles(1), doubles(1)));
  }

  @Test
  void zerosHaveNoTolerance() {
    assertEquals(new Bound(0, 0), bound(ElementType.FLOAT32, doubles(0), doubles(0)));
  }

  @Test
  void anErrorAsLargeAsTheTensorDecidesNothing() {
    var bound = bound(ElementType.FLOAT32, doubles(1, 0), doubles(0.5, 0.5));
    assertEquals(new Bound(0.5, Double.POSITIVE_INFINITY), bound);
  }

  @Test
  void integersThatChangeDecideNothing() {
    var exact = Tensor.ofLongs(new long[] {3}, 1);
    assertEquals(new Bound(0, 0), bound(ElementType.INT64, exact, exact));
    var other = Tensor.ofLongs(new long[] {4}, 1);
    assertEquals(
        new Bound(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY),
        bound(ElementType.INT64, exact, other));
  }

  @Test
  void infinityIsNoErrorBeyondTheRangeOfTheType() {
    var exact = doubles(-1e9, 1, Double.NEGATIVE_INFINITY);
    var rounded = doubles(Double.NEGATIVE_INFINITY, 1, Double.NEGATIVE_INFINITY);
    assertEquals(0, bound(ElementType.FLOAT16, exact, rounded).rounding());
    assertEquals(Double.POSITIVE_INFINITY, bound(ElementType.FLOAT32, exact, rounded).rounding());
  }

  @Test
  void anotherShapeDecidesNothing() {
    assertEquals(
        Double.POSITIVE_INFINITY,
        bound(ElementType.FLOAT32, doubles(1, 2), doubles(1)).tolerance());
  }
}
