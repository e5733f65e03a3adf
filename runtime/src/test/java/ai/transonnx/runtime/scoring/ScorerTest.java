package ai.transonnx.runtime.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.DeadlineException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.TokenException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ScorerTest {
  /** Of one logit of 1 among zeros, the bits of the others. */
  private static final double UNLIKELY = Math.log(Math.E + TinyModels.V - 1) / Math.log(2);

  private static final double LIKELY = UNLIKELY - 1 / Math.log(2);

  @TempDir private Path folder;

  static Stream<TinyModel> models() {
    return Stream.of(TinyModels.stateful(), TinyModels.stateless(), TinyModels.growing());
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

  @Test
  void logitsOfTheLastPositionAloneScoreNothingElse() {
    try (var model = OnnxModel.load(TinyModels.last().write(folder))) {
      var scorer = Scorer.of(model);
      assertEquals(LIKELY, scorer.bitsPerToken(3, TinyModels.next(3)), 1e-6);
      var e = assertThrows(RequestException.class, () -> scorer.bitsPerToken(1, 2, 3));
      assertEquals(
          "the logits of 2 positions are wanted, not float32[1, 1, 11];"
              + " export the model without --logits last",
          e.getMessage());
    }
  }

  @Test
  void aModelMayTakeTokensThatItDoesNotScore() {
    var tiny = TinyModels.stateless().metadata("transonnx.num_tokens.tokens", "20");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var scorer = Scorer.of(model);
      assertEquals(LIKELY, scorer.bitsPerToken(15, TinyModels.next(15)), 1e-6);
      assertThrows(TokenException.class, () -> scorer.bits(1, 15));
      assertThrows(TokenException.class, () -> scorer.bits(20, 1));
    }
  }

  @Test
  void scoringCanBeEndedEarly() {
    try (var model = OnnxModel.load(TinyModels.stateless().write(folder))) {
      var tokens = new long[] {1, 2, 3};
      var late = Cancellation.after(Duration.ZERO);
      assertThrows(DeadlineException.class, () -> Scorer.of(model).bits(tokens, late));
    }
  }

  @Test
  void whatCannotBeScoredIsRefused() {
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
