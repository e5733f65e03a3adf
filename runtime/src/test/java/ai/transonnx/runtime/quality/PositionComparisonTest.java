package ai.transonnx.runtime.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PositionComparisonTest {
  private static PositionComparison compare(double[] reference, double... candidate) {
    return PositionComparison.of(reference, candidate);
  }

  @Test
  void theDivergenceIsThatOfTheDefinition() {
    // p = (1/2, 1/2), q = (3/4, 1/4): 1/2 ln(2/3) + 1/2 ln 2
    var comparison = compare(new double[] {0, 0}, Math.log(3), 0);
    assertEquals(0.5 * Math.log(4.0 / 3), comparison.divergence(), 1e-15);
    assertEquals(Math.log(2), comparison.referenceLogSum(), 1e-15);
    assertEquals(Math.log(4), comparison.candidateLogSum(), 1e-15);
    assertTrue(comparison.isTopEqual());
  }

  @Test
  void aConstantAddedToTheLogitsChangesNothing() {
    var comparison = compare(new double[] {1, 2, 3}, 1001, 1002, 1003);
    assertEquals(0, comparison.divergence());
    assertTrue(comparison.isTopEqual());
  }

  @Test
  void largeLogitsDoNotOverflow() {
    var comparison = compare(new double[] {1e30, 0}, 0, 1e30);
    assertEquals(1e30, comparison.divergence(), 1e16);
    assertFalse(comparison.isTopEqual());
  }

  @Test
  void aTokenThatIsImpossibleInTheReferenceHasNoShare() {
    double none = Double.NEGATIVE_INFINITY;
    assertEquals(0, compare(new double[] {0, none}, 0, none).divergence());
    assertEquals(Math.log(2), compare(new double[] {0, none}, 0, 0).divergence(), 1e-15);
    assertEquals(Double.POSITIVE_INFINITY, compare(new double[] {0, 0}, 0, none).divergence());
  }

  @Test
  void aCandidateWithoutDistributionIsInfinitelyFar() {
    for (double broken : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      var comparison = compare(new double[] {0, 0}, broken, 0);
      assertEquals(Double.POSITIVE_INFINITY, comparison.divergence());
      assertFalse(comparison.isTopEqual());
    }
  }

  @Test
  void ofEqualLogitsTheFirstIsTheTop() {
    assertTrue(compare(new double[] {2, 2}, 5, 1).isTopEqual());
    assertFalse(compare(new double[] {2, 2}, 1, 5).isTopEqual());
  }
}
