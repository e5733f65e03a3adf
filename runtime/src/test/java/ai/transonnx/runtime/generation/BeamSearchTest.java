package ai.transonnx.runtime.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.sampling.ContrastiveDecoding;
import ai.transonnx.runtime.sampling.Sampling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BeamSearchTest {
  private static final long[][] PROMPTS = {{1, 2}, {3}, {4, 0}, {2, 2, 2, 2}};
  private static final float[][] RANDOM = random(23, 7);

  @TempDir private Path folder;

  private static float[][] random(int sums, int vocabulary) {
    var random = new Random(5);
    var table = new float[sums][vocabulary];
    for (float[] row : table) {
      for (int i = 0; i < vocabulary; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return table;
  }

  static Stream<TinyModel> models() {
    return Stream.of(
        TinyModels.statefulTable(RANDOM),
        TinyModels.statefulTable(RANDOM).metadata("transonnx.ragged", "true"),
        TinyModels.statelessTable(RANDOM));
  }

  private static float[] logits(int window, long... tokens) {
    int skipped = Math.max(0, tokens.length - window);
    return RANDOM[(int) (LongStream.of(tokens).skip(skipped).sum() % RANDOM.length)];
  }

  private static GenerationOptions beams(int beams, int length) {
    return GenerationOptions.builder(length).greedy().beams(beams).build();
  }

  private static void assertSearches(OnnxModel model, int window, int beams, int length) {
    var generation = Generator.of(model).generate(PROMPTS, beams(beams, length));
    var naive = new NaiveBeamSearch(tokens -> logits(window, tokens));
    for (int row = 0; row < PROMPTS.length; row++) {
      var prompt = PROMPTS[row];
      var expected = naive.search(prompt, beams, length);
      var found = generation.beams(row);
      assertEquals(expected.size(), found.size());
      for (int i = 0; i < found.size(); i++) {
        var tokens = expected.get(i).tokens();
        assertArrayEquals(
            Arrays.copyOfRange(tokens, prompt.length, tokens.length), found.get(i).tokens());
        assertEquals(expected.get(i).score(), found.get(i).score(), 1e-5);
        assertEquals(FinishReason.LENGTH, found.get(i).finishReason());
      }
      assertArrayEquals(found.get(0).tokens(), generation.tokens(row));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theBestContinuationsAreThoseOfASearchThatRecomputesEverything(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder))) {
      assertSearches(model, Integer.MAX_VALUE, 3, 9);
      assertSearches(model, Integer.MAX_VALUE, 1, 9);
      assertSearches(model, Integer.MAX_VALUE, 20, 3); // more than the vocabulary
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theSearchContinuesBeyondTheContextWindow(TinyModel tiny) {
    tiny.metadata("transonnx.max_length", "5");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      assertSearches(model, 5, 3, 9);
    }
  }

  /** The probabilities of 0 and 1 after texts with a sum of 0, 1 and 2. */
  private static final float[][] GREEDY_FAILS = {
    {(float) Math.log(0.55), (float) Math.log(0.45)},
    {(float) Math.log(0.9), (float) Math.log(0.1)},
    {(float) Math.log(0.5), (float) Math.log(0.5)}
  };

  @Test
  void aTextThatGreedyDecodingMissesIsFound() {
    try (var model = OnnxModel.load(TinyModels.statefulTable(GREEDY_FAILS).write(folder))) {
      var generator = Generator.of(model);
      long[] greedy =
          generator
              .generate(new long[] {0}, GenerationOptions.builder(2).greedy().build())
              .tokens(0);
      assertArrayEquals(new long[] {0, 0}, greedy);
      // 1, then 0: 0.45 * 0.9; 0, then 0: 0.55 * 0.55.
      var beams = generator.generate(new long[] {0}, beams(2, 2)).beams(0);
      assertArrayEquals(new long[] {1, 0}, beams.get(0).tokens());
      assertEquals(Math.log(0.405), beams.get(0).score(), 1e-6);
      assertArrayEquals(new long[] {0, 0}, beams.get(1).tokens());
      assertEquals(Math.log(0.3025), beams.get(1).score(), 1e-6);
      // 0, then 0: 0.9 * 0.9; 0, then 1: 0.9 * 0.1.
      var fromOne = generator.generate(new long[] {1}, beams(2, 2)).beams(0);
      assertEquals(Math.log(0.81), fromOne.get(0).score(), 1e-6);
      assertEquals(Math.log(0.09), fromOne.get(1).score(), 1e-6);
    }
  }

  @Test
  void aContinuationThatStopsKeepsItsScore() {
    try (var model = OnnxModel.load(TinyModels.statefulTable(GREEDY_FAILS).write(folder))) {
      var options = GenerationOptions.builder(3).greedy().beams(2).stopTokens(Set.of(0L)).build();
      var generation = Generator.of(model).generate(new long[] {0}, options);
      var beams = generation.beams(0);
      assertArrayEquals(new long[] {0}, beams.get(0).tokens());
      assertEquals(Math.log(0.55), beams.get(0).score(), 1e-6);
      assertArrayEquals(new long[] {1, 0}, beams.get(1).tokens());
      assertEquals(Math.log(0.405), beams.get(1).score(), 1e-6);
      assertEquals(FinishReason.STOP, beams.get(1).finishReason());
      assertEquals(FinishReason.STOP, generation.finishReason(0));
    }
  }

  @Test
  void theListenerReceivesTheBestContinuation() {
    try (var model = OnnxModel.load(TinyModels.statefulTable(RANDOM).write(folder))) {
      var received = new ArrayList<Long>();
      var request =
          GenerationRequest.builder(new long[][] {{1, 2}}, beams(3, 5))
              .listener((row, token) -> received.add(token))
              .build();
      var generation = Generator.of(model).generate(request);
      assertEquals(LongStream.of(generation.tokens(0)).boxed().toList(), received);
    }
  }

  private static List<Beam> stochastic(OnnxModel model, Sampling.Builder sampling, int beams) {
    var options = GenerationOptions.builder(6).selector(sampling.build()).beams(beams).build();
    return Generator.of(model).generate(new long[] {1, 2}, options).beams(0);
  }

  private static String tokens(List<Beam> beams) {
    return String.join(",", beams.stream().map(beam -> Arrays.toString(beam.tokens())).toList());
  }

  @Test
  void aStochasticSearchDrawsDifferentContinuationsThatItsSeedRepeats() {
    try (var model = OnnxModel.load(TinyModels.statefulTable(RANDOM).write(folder))) {
      var drawn = stochastic(model, Sampling.builder().seed(7), 4);
      assertEquals(tokens(drawn), tokens(stochastic(model, Sampling.builder().seed(7), 4)));
      assertNotEquals(tokens(drawn), tokens(stochastic(model, Sampling.builder().seed(8), 4)));
      var different = new HashSet<String>();
      drawn.forEach(beam -> different.add(Arrays.toString(beam.tokens())));
      assertEquals(4, different.size());
      for (int i = 1; i < drawn.size(); i++) {
        assertTrue(drawn.get(i - 1).score() >= drawn.get(i).score());
      }
      assertEquals(4, drawn.size());
    }
  }

  @Test
  void theScoresOfAStochasticSearchAreThoseOfTheModel() {
    try (var model = OnnxModel.load(TinyModels.statefulTable(RANDOM).write(folder))) {
      for (var beam : stochastic(model, Sampling.builder().temperature(3).topK(4).seed(7), 3)) {
        double score = 0;
        long sum = 3;
        for (long token : beam.tokens()) {
          float[] row = RANDOM[(int) (sum % RANDOM.length)];
          double all = 0;
          for (float logit : row) {
            all += Math.exp(logit);
          }
          score += row[(int) token] - Math.log(all);
          sum += token;
        }
        assertEquals(score, beam.score(), 1e-5);
      }
    }
  }

  @Test
  void aFilterThatKeepsOneTokenLeavesNothingToSearch() {
    try (var model = OnnxModel.load(TinyModels.statefulTable(RANDOM).write(folder))) {
      var beams = stochastic(model, Sampling.builder().topK(1).seed(7), 4);
      var greedy = GenerationOptions.builder(6).greedy().build();
      assertEquals(1, beams.size());
      assertArrayEquals(
          Generator.of(model).generate(new long[] {1, 2}, greedy).tokens(0), beams.get(0).tokens());
    }
  }

  @Test
  void contrastedLogitsAreSearched() {
    try (var model = OnnxModel.load(TinyModels.statefulTable(RANDOM).write(folder));
        var amateur = OnnxModel.load(TinyModels.statelessTable(random(3, 7)).write(folder))) {
      var contrast = new ContrastiveDecoding(0.2, 0.7);
      var request =
          GenerationRequest.builder(PROMPTS, beams(3, 6)).amateur(amateur, contrast).build();
      var generation = Generator.of(model).generate(request);
      float[][] subtracted = random(3, 7);
      var naive =
          new NaiveBeamSearch(
              tokens -> {
                var expert = logits(Integer.MAX_VALUE, tokens).clone();
                contrast.apply(expert, subtracted[(int) (LongStream.of(tokens).sum() % 3)]);
                return expert;
              });
      for (int row = 0; row < PROMPTS.length; row++) {
        var expected = naive.search(PROMPTS[row], 3, 6);
        for (int i = 0; i < 3; i++) {
          assertEquals(expected.get(i).score(), generation.beams(row).get(i).score(), 1e-5);
        }
      }
    }
  }

  @Test
  void aCancelledSearchReturnsTheTokensSoFar() {
    try (var model = OnnxModel.load(TinyModels.statefulTable(RANDOM).write(folder))) {
      var cancellation = new Cancellation();
      cancellation.cancel();
      var request = GenerationRequest.builder(PROMPTS, beams(3, 6)).build();
      var generation = Generator.of(model).generate(request, cancellation);
      assertEquals(FinishReason.CANCELLED, generation.finishReason(0));
      assertEquals(0, generation.size());
      assertEquals(1, generation.beams(0).size());
    }
  }

  @Test
  void invalidRequestsAreRejected() {
    assertThrows(RequestException.class, () -> beams(0, 1));
    assertThrows(RequestException.class, () -> beams(1001, 1));
    var rows = GenerationRows.builder(beams(2, 1));
    assertThrows(RequestException.class, rows::build);
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var options = GenerationOptions.builder(2).greedy().build();
      var generation = Generator.of(model).generate(new long[] {1}, options);
      assertThrows(RequestException.class, () -> generation.beams(0));
      var two = OnnxModel.load(TinyModels.ofTwoRows().write(folder));
      try (two) {
        long[][] prompts = {{1}, {2}};
        var refusal =
            assertThrows(
                RequestException.class, () -> Generator.of(two).generate(prompts, beams(3, 4)));
        assertTrue(refusal.getMessage().contains("batch is 6"), refusal.getMessage());
      }
    }
  }
}
