package ai.transonnx.runtime.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.RunException;
import ai.transonnx.runtime.TopKCountRounding;
import java.util.Arrays;
import java.util.HashSet;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class TokenSelectorTest {
  private static final float[] LOGITS = {0, (float) Math.log(2), (float) Math.log(5), -100};

  @Test
  void greedySelectsTheFirstOfTheHighestLogits() {
    var chooser = new Greedy().chooser(4, 1, TopKCountRounding.CEIL);
    assertEquals(1, chooser.choose(0, new float[] {0, 7, 7, -1}));
    float least = Float.NEGATIVE_INFINITY;
    assertEquals(2, chooser.choose(0, new float[] {least, least, -5, least}));
  }

  @Test
  void aLogitThatIsNotANumberIsAnError() {
    float[] broken = {0, Float.NaN, 1, 2};
    for (var selection : new TokenSelector[] {new Greedy(), Sampling.builder().build()}) {
      var chooser = selection.chooser(4, 2, TopKCountRounding.CEIL);
      var e = assertThrows(RunException.class, () -> chooser.choose(1, broken.clone()));
      assertEquals(
          "the logit of token 1 in row 1 is not a number; the weights may have NaN",
          e.getMessage());
    }
  }

  @Test
  void infiniteLogitsCannotBeSampled() {
    var chooser = Sampling.builder().build().chooser(2, 1, TopKCountRounding.CEIL);
    float least = Float.NEGATIVE_INFINITY;
    assertThrows(RunException.class, () -> chooser.choose(0, new float[] {least, least}));
    assertThrows(RunException.class, () -> chooser.choose(0, new float[] {0, -least}));
  }

  @Test
  void tokensAreDrawnInProportionToTheirProbability() {
    var sampling = Sampling.builder().unfiltered().seed(1).build();
    int[] counts = count(sampling, 80_000);
    assertNear(10_000, counts[0]);
    assertNear(20_000, counts[1]);
    assertNear(50_000, counts[2]);
    assertEquals(0, counts[3]);
  }

  @Test
  void theTemperatureDividesTheLogits() {
    var sampling = Sampling.builder().unfiltered().temperature(0.5).seed(1).build();
    int[] counts = count(sampling, 30_000); // 1 : 4 : 25
    assertNear(1_000, counts[0]);
    assertNear(4_000, counts[1]);
    assertNear(25_000, counts[2]);
  }

  @Test
  void removedTokensAreNeverDrawn() {
    int[] counts = count(Sampling.builder().topK(2).seed(1).build(), 7_000);
    assertEquals(0, counts[0]);
    assertNear(2_000, counts[1]);
    assertNear(5_000, counts[2]);
  }

  @Test
  void afterTopATokensAreEquallyLikely() {
    int[] counts = count(Sampling.builder().topA(2, 0.02).seed(1).build(), 3_000);
    assertNear(1_000, counts[0]);
    assertNear(1_000, counts[1]);
    assertNear(1_000, counts[2]);
    assertEquals(0, counts[3]);
  }

  @Test
  void theSameSeedDrawsTheSame() {
    assertArrayEquals(draws(7, 1, 0), draws(7, 1, 0));
    assertNotEquals(Arrays.toString(draws(7, 1, 0)), Arrays.toString(draws(8, 1, 0)));
  }

  @Test
  void withoutASeedEachChooserDrawsDifferently() {
    var sampling = Sampling.builder().unfiltered().build();
    assertEquals(OptionalLong.empty(), sampling.seed());
    var counts = new HashSet<String>();
    for (int i = 0; i < 3; i++) {
      counts.add(Arrays.toString(count(sampling, 1_000)));
    }
    assertNotEquals(1, counts.size());
  }

  @Test
  void aSetSeedIsKept() {
    assertEquals(OptionalLong.of(7), Sampling.builder().seed(7).build().seeded().seed());
  }

  @Test
  void aRowDrawsTheSameInABatch() {
    assertArrayEquals(draws(7, 1, 0), draws(7, 3, 0));
    assertArrayEquals(draws(7, 2, 1), draws(7, 3, 1));
    assertNotEquals(Arrays.toString(draws(7, 3, 0)), Arrays.toString(draws(7, 3, 1)));
  }

  @Test
  void theDefaultFilterIsTheLibrariesTopK() {
    var sampling = Sampling.builder().build();
    assertEquals(1, sampling.temperature());
    assertEquals("[TopKThreshold[threshold=0.9, rounding=null]]", sampling.filters().toString());
  }

  @Test
  void aThresholdRoundsAsTheModelsLibraryDoes() {
    var sampling = Sampling.builder().topKThreshold(0.6).seed(1).build();
    var floor = sampling.chooser(4, 1, TopKCountRounding.FLOOR); // 1 of 4
    var ceil = sampling.chooser(4, 1, TopKCountRounding.CEIL); // 2 of 4
    assertEquals(0, count(floor, 1_000)[1]);
    assertNotEquals(0, count(ceil, 1_000)[1]);
  }

  @Test
  void invalidTemperaturesAreRejected() {
    for (double t : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(RequestException.class, () -> Sampling.builder().temperature(t).build());
    }
  }

  private static int[] count(Sampling sampling, int draws) {
    return count(sampling.chooser(LOGITS.length, 1, TopKCountRounding.CEIL), draws);
  }

  private static int[] count(TokenChooser chooser, int draws) {
    var counts = new int[LOGITS.length];
    for (int i = 0; i < draws; i++) {
      counts[chooser.choose(0, LOGITS.clone())]++;
    }
    return counts;
  }

  private static int[] draws(long seed, int rows, int row) {
    var sampling = Sampling.builder().unfiltered().seed(seed).build();
    var chooser = sampling.chooser(LOGITS.length, rows, TopKCountRounding.CEIL);
    var draws = new int[50];
    for (int i = 0; i < draws.length; i++) {
      for (int r = 0; r < rows; r++) {
        int token = chooser.choose(r, LOGITS.clone());
        draws[i] = r == row ? token : draws[i];
      }
    }
    return draws;
  }

  /** Allows five standard deviations of a Poisson-distributed count. */
  private static void assertNear(int expected, int count) {
    assertEquals(expected, count, 5 * Math.sqrt(expected));
  }
}
