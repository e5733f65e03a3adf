package ai.transonnx.runtime.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.DeadlineException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.TokenException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ScorerTest {
  /** The bits of a token whose logit is 0, where one logit is 1 and all others are 0. */
  private static final double UNLIKELY = Math.log(Math.E + TinyModels.V - 1) / Math.log(2);

  private static final double LIKELY = UNLIKELY - 1 / Math.log(2);

  @TempDir private Path folder;

  static Stream<TinyModel> models() {
    return Stream.of(
        TinyModels.stateful(),
        TinyModels.stateless(),
        TinyModels.growing(),
        TinyModels.withStart());
  }

  @ParameterizedTest
  @MethodSource("models")
  void likelyTokensCostFewerBits(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var scorer = Scorer.of(model);
      double[] bits = scorer.bits(3, TinyModels.next(3), 0);
      assertEquals(2, bits.length);
      assertEquals(LIKELY, bits[0], 1e-6);
      assertEquals(UNLIKELY, bits[1], 1e-6);
      assertEquals((LIKELY + UNLIKELY) / 2, scorer.bitsPerToken(3, TinyModels.next(3), 0), 1e-6);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void sequencesOfDifferentLengthsHaveTheScoresOfSingleCalls(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var scorer = Scorer.of(model);
      long[][] sequences = {{3, 4, 0}, {5, 6}, {1, 2, 4}, {7, 8, 5, 9}, {2, 3}};
      var bits = scorer.bits(sequences, new Cancellation());
      for (int i = 0; i < sequences.length; i++) {
        assertArrayEquals(scorer.bits(sequences[i]), bits[i], 1e-6);
      }
      assertEquals(0, scorer.bits(new long[0][], new Cancellation()).length);
    }
  }

  @Test
  void moreSequencesThanACallTakesAreScoredInSeveral() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var random = new Random(1);
      var sequences = new long[3][];
      Arrays.setAll(sequences, i -> random.longs(2001, 0, TinyModels.V).toArray());
      var scorer = Scorer.of(model);
      var bits = scorer.bits(sequences, new Cancellation());
      for (int i = 0; i < sequences.length; i++) {
        assertArrayEquals(scorer.bits(sequences[i]), bits[i], 1e-6);
      }
    }
  }

  @Test
  void aModelWithAFixedBatchSizeScoresAnyNumberOfSequences() {
    try (var model = OnnxModel.load(TinyModels.ofTwoRows().write(folder))) {
      long[][] sequences = {{3, 4}, {5, 6}, {1, 3}};
      var bits = Scorer.of(model).bits(sequences, new Cancellation());
      assertEquals(LIKELY, bits[0][0], 1e-6);
      assertEquals(LIKELY, bits[1][0], 1e-6);
      assertEquals(UNLIKELY, bits[2][0], 1e-6);
    }
  }

  @Test
  void anInvalidSequenceIsNamed() {
    try (var model = OnnxModel.load(TinyModels.stateless().write(folder))) {
      var scorer = Scorer.of(model);
      var e =
          assertThrows(
              RequestException.class,
              () -> scorer.bits(new long[][] {{1, 2}, {3}}, new Cancellation()));
      assertTrue(e.getMessage().startsWith("sequence 1 has 1 tokens; 2 to "), e.getMessage());
      e =
          assertThrows(
              TokenException.class,
              () -> scorer.bits(new long[][] {{1, 2}, {3, 4, 11}}, new Cancellation()));
      assertEquals(
          "token 11 at position 2 of sequence 1 is not in the vocabulary: 0 to 10", e.getMessage());
    }
  }

  @Test
  void logitsOfTheLastPositionOnlyAreRejected() {
    try (var model = OnnxModel.load(TinyModels.last().write(folder))) {
      var scorer = Scorer.of(model);
      assertEquals(LIKELY, scorer.bitsPerToken(3, TinyModels.next(3)), 1e-6);
      var e = assertThrows(RequestException.class, () -> scorer.bitsPerToken(1, 2, 3));
      assertEquals(
          "logits are float32[1, 1, 11]; expected are [1, 2, V], with scores at each position;"
              + " export the model with the logits of all positions",
          e.getMessage());
    }
  }

  @Test
  void tokensWithoutLogitsAreScoredAsContextOnly() {
    var tiny = TinyModels.stateless().metadata("transonnx.num_tokens.tokens", "20");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var scorer = Scorer.of(model);
      assertEquals(LIKELY, scorer.bitsPerToken(15, TinyModels.next(15)), 1e-6);
      assertThrows(TokenException.class, () -> scorer.bits(1, 15));
      assertThrows(TokenException.class, () -> scorer.bits(20, 1));
    }
  }

  @Test
  void scoringEndsAtItsDeadline() {
    try (var model = OnnxModel.load(TinyModels.stateless().write(folder))) {
      var tokens = new long[] {1, 2, 3};
      var late = Cancellation.after(Duration.ZERO);
      assertThrows(DeadlineException.class, () -> Scorer.of(model).bits(tokens, late));
    }
  }

  @Test
  void sequencesOfInvalidLengthAreRejected() {
    var tiny = TinyModels.stateless().metadata("transonnx.max_length", "2");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var scorer = Scorer.of(model);
      assertEquals(2, scorer.bits(1, 2, 3).length);
      assertThrows(RequestException.class, () -> scorer.bits(1));
      assertThrows(RequestException.class, () -> scorer.bits(1, 2, 3, 4));
      assertThrows(RequestException.class, () -> scorer.bits(1, 11));
    }
  }
}
