package ai.transonnx.runtime.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TopKCountRounding;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class FilterTest {
  @TestFactory
  Stream<DynamicTest> everyFilterKeepsWhatTheLibraryKeeps() {
    var golden = GoldenSampling.read();
    return golden.cases().stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> assertKeeps(golden, name)));
  }

  private static void assertKeeps(GoldenSampling golden, String name) {
    for (int row = 0; row < golden.rows(); row++) {
      var kept = kept(filter(name), golden.logits(row));
      assertEquals(golden.kept(name, row), kept, "row " + row);
    }
  }

  /** The filter that a case such as {@code top_k_floor_0.9} or {@code top_a_2.0_0.02} names. */
  private static Filter filter(String name) {
    String[] parts = name.split("_", -1);
    double number = Double.parseDouble(parts[parts.length - 1]);
    return switch (name.substring(0, name.lastIndexOf('_'))) {
      case "top_k" -> new TopKThreshold(number, TopKCountRounding.CEIL);
      case "top_k_floor" -> new TopKThreshold(number, TopKCountRounding.FLOOR);
      case "top_p" -> new TopPThreshold(number);
      default -> new TopA(Double.parseDouble(parts[2]), number);
    };
  }

  @Test
  void topKKeepsTheHighest() {
    float[] logits = {1, 5, 3, 4, 2};
    assertEquals(List.of(1, 3), kept(new TopK(2), logits));
    assertEquals(List.of(0, 1, 2, 3, 4), kept(new TopK(9), logits));
  }

  @Test
  void ofEqualLogitsTheFirstAreKept() {
    assertEquals(List.of(1, 2), kept(new TopK(2), 0, 7, 7, 7, 7, 0));
  }

  @Test
  void countsAreRoundedAsInPython() {
    assertEquals(4, TopKCountRounding.FLOOR.keep(0.9, 50));
    assertEquals(5, TopKCountRounding.CEIL.keep(0.9, 50));
    assertEquals(10, TopKCountRounding.FLOOR.keep(0.9, 101));
    assertEquals(12, TopKCountRounding.FLOOR.keep(0.9, 128));
    assertEquals(13, TopKCountRounding.CEIL.keep(0.9, 128));
  }

  @Test
  void aThresholdKeepsAtLeastOneAndAtMostAll() {
    assertEquals(1, TopKCountRounding.FLOOR.keep(1, 50));
    assertEquals(1, TopKCountRounding.CEIL.keep(1, 50));
    assertEquals(50, TopKCountRounding.CEIL.keep(0, 50));
  }

  @Test
  void topPKeepsTheGivenMass() {
    float[] logits = logits(0.06, 0.5, 0.1, 0.3, 0.04);
    assertEquals(List.of(0, 1, 2, 3), kept(new TopP(0.95), logits));
    assertEquals(List.of(1, 3), kept(new TopP(0.7), logits));
    assertEquals(List.of(1), kept(new TopP(0.05), logits));
  }

  @Test
  void theSamplersTopPKeepsTheGivenMass() {
    var filters = Sampling.builder().topP(0.95).build().filters();
    assertEquals(List.of(0, 1, 2, 3), kept(filters.get(0), logits(0.06, 0.5, 0.1, 0.3, 0.04)));
  }

  @Test
  void aTopPThresholdDropsTheGivenMass() {
    float[] logits = logits(0.06, 0.5, 0.1, 0.3, 0.04);
    assertEquals(List.of(1), kept(new TopPThreshold(0.95), logits));
    assertEquals(List.of(1, 3), kept(new TopPThreshold(0.3), logits));
  }

  private static float[] logits(double... probabilities) {
    var logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return logits;
  }

  @Test
  void topPMayBeZeroOrOne() {
    float[] logits = {1, 5, 3, 4, 2};
    assertEquals(List.of(0, 1, 2, 3, 4), kept(new TopP(1), logits));
    assertEquals(List.of(1), kept(new TopP(0), logits));
    assertEquals(List.of(1), kept(new TopPThreshold(1), logits));
    assertEquals(List.of(0, 1, 2, 3, 4), kept(new TopPThreshold(0), logits));
  }

  @Test
  void aTopPOfOneKeepsImprobableTokens() {
    assertEquals(List.of(0, 1, 2), kept(new TopP(1), 100, -100, -100));
  }

  @Test
  void minPKeepsAFractionOfTheHighestProbability() {
    float[] logits = logits(0.06, 0.5, 0.1, 0.3, 0.04);
    assertEquals(List.of(0, 1, 2, 3), kept(new MinP(0.1), logits)); // at least 0.05
    assertEquals(List.of(1, 2, 3), kept(new MinP(0.19), logits)); // at least 0.095
    assertEquals(List.of(1, 3), kept(new MinP(0.21), logits)); // at least 0.105
    assertEquals(List.of(1), kept(new MinP(1), logits));
    assertEquals(List.of(0, 1, 2, 3, 4), kept(new MinP(0), logits));
    assertEquals(List.of(0, 2), kept(new MinP(1), 3, 1, 3)); // equally likely
  }

  @Test
  void minPKeepsTheLogits() {
    var candidates = new Candidates(3);
    candidates.load(new float[] {9, 8.5f, -50});
    new MinP(0.1).apply(candidates);
    assertEquals(2, candidates.size());
    assertEquals(8.5f, candidates.logit(1));
  }

  @Test
  void topAGivesKeptTokensEqualLogits() {
    float[] logits = {9, 9.1f, -50, 8.9f};
    var candidates = new Candidates(logits.length);
    candidates.load(logits);
    new TopA(2, 0.02).apply(candidates);
    assertEquals(3, candidates.size());
    IntStream.range(0, 3).forEach(i -> assertEquals(1, candidates.logit(i)));
  }

  @Test
  void filtersApplyInOrder() {
    var candidates = new Candidates(5);
    candidates.load(new float[] {1, 5, 3, 4, 2});
    new TopK(3).apply(candidates);
    new TopA(1, 0).apply(candidates); // keeps all candidates
    assertEquals(List.of(1, 2, 3), tokens(candidates));
    new TopK(2).apply(candidates);
    assertEquals(List.of(1, 2), tokens(candidates));
  }

  @Test
  void invalidOptionsAreRejected() {
    assertThrows(RequestException.class, () -> new TopK(0));
    assertThrows(RequestException.class, () -> new TopKThreshold(1.1, null));
    assertThrows(RequestException.class, () -> new TopKThreshold(Double.NaN, null));
    assertThrows(RequestException.class, () -> new TopP(-0.1));
    assertThrows(RequestException.class, () -> new TopPThreshold(1.1));
    assertThrows(RequestException.class, () -> new MinP(1.1));
    assertThrows(RequestException.class, () -> new MinP(Double.NaN));
    assertThrows(RequestException.class, () -> new TopA(-1, 0.5));
    assertThrows(RequestException.class, () -> new TopA(2, 1.5));
  }

  private static List<Integer> kept(Filter filter, float... logits) {
    var candidates = new Candidates(logits.length);
    candidates.load(logits);
    filter.apply(candidates);
    return tokens(candidates);
  }

  private static List<Integer> tokens(Candidates candidates) {
    return IntStream.range(0, candidates.size()).map(candidates::token).sorted().boxed().toList();
  }
}
