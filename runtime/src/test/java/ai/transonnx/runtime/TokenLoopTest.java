package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TokenLoopTest {
  @TempDir private Path folder;

  static Stream<TinyModel> models() {
    return Stream.of(
        TinyModels.stateful(),
        TinyModels.stateless(),
        TinyModels.growing(),
        TinyModels.unknownVocabulary());
  }

  @ParameterizedTest
  @MethodSource("models")
  void feedsCanBeSplitAnywhere(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(3, 4, 5);
      assertEquals(TinyModels.next(3, 4, 5), TinyModels.argmax(loop, 0));
      loop.feed(6);
      assertEquals(TinyModels.next(3, 4, 5, 6), TinyModels.argmax(loop, 0));
      loop.feed(7, 8);
      assertEquals(TinyModels.next(3, 4, 5, 6, 7, 8), TinyModels.argmax(loop, 0));
      assertEquals(6, loop.position());
    }
  }

  /** Models whose calls overwrite slots always or sometimes, or need several calls for a feed. */
  static Stream<TinyModel> failingModels() {
    return Stream.of(
        TinyModels.failing(),
        TinyModels.failing().metadata(MetadataKey.GROUP_SIZE, "1"),
        TinyModels.failing().metadata(MetadataKey.GROUP_SIZE, "4"),
        TinyModels.failing()
            .metadata(MetadataKey.GROUP_SIZE, "1000")
            .metadata(MetadataKey.SEGMENT_LENGTH, "3"),
        TinyModels.failing()
            .metadata(MetadataKey.RING_WINDOW, "2")
            .metadata(MetadataKey.RING_SLOTS, "4"),
        TinyModels.failing().metadata(MetadataKey.MAX_LENGTH, "4"));
  }

  @ParameterizedTest
  @MethodSource("failingModels")
  void aFeedThatFailsInItsRunLeavesTheLoopUnchanged(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model, 2)) {
      assertThrows(RunException.class, () -> loop.feed(0, TinyModels.FATAL));
      loop.feed(3, 4, 5, 6, 7, 8);
      for (int length = 1; length <= 9; length++) {
        var more = new long[2 * length];
        Arrays.fill(more, 2);
        more[length - 1] = TinyModels.FATAL;
        assertThrows(RunException.class, () -> loop.feed(more));
        assertEquals(3, loop.position());
        assertEquals(TinyModels.next(3, 4, 5), TinyModels.argmax(loop, 0));
        assertEquals(TinyModels.next(6, 7, 8), TinyModels.argmax(loop, 1));
      }
      loop.feed(1, 2);
      assertEquals(TinyModels.next(3, 4, 5, 1), TinyModels.argmax(loop, 0));
      assertEquals(TinyModels.next(6, 7, 8, 2), TinyModels.argmax(loop, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void rowsAreIndependent(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model, 2)) {
      loop.feed(1, 2, 3, 4);
      loop.feed(5, 6);
      assertEquals(TinyModels.next(1, 2, 5), TinyModels.argmax(loop, 0));
      assertEquals(TinyModels.next(3, 4, 6), TinyModels.argmax(loop, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aResetLoopStartsAgain(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(3, 4, 5);
      loop.reset();
      loop.feed(2);
      assertEquals(TinyModels.next(2), TinyModels.argmax(loop, 0));
      assertEquals(1, loop.position());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aRejectedCallLeavesTheLoopUnchanged(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(3);
      var cancelled = new Cancellation();
      cancelled.cancel();
      assertThrows(CancelledException.class, () -> loop.feed(new long[] {4}, cancelled));
      loop.feed(5);
      assertEquals(TinyModels.next(3, 5), TinyModels.argmax(loop, 0));
      assertEquals(2, loop.position());
    }
  }

  @Test
  void aStateOfWholeCallsIsNotFedTokenByToken() {
    try (var model = OnnxModel.load(TinyModels.wholeCalls().write(folder))) {
      var e = assertThrows(ModelException.class, () -> TokenLoop.of(model));
      assertTrue(e.getMessage().endsWith("export it with --incremental"), e.getMessage());
    }
  }

  @Test
  void logitsTooLargeForABufferAreRejectedWithAdvice() {
    int many = 1 << 29;
    var tiny =
        new TinyModel()
            .input("tokens", ElementType.INT64, "batch", "n")
            .scalar("depth", many)
            .floats("off_on", 0, 1)
            .node("OneHot", List.of("tokens", "depth", "off_on"), "logits")
            .output("logits", ElementType.FLOAT32, "batch", "n", many);
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      var e = assertThrows(MemoryLimitException.class, () -> loop.feed(1, 2));
      assertTrue(e.getMessage().endsWith("fewer rows, or export with --logits last"));
    }
  }

  @Test
  void anOpenVocabularySizeIsKnownAfterTheFirstFeed() {
    try (var model = OnnxModel.load(TinyModels.unknownVocabulary().write(folder));
        var loop = TokenLoop.of(model)) {
      assertThrows(RequestException.class, loop::vocabulary);
      loop.feed(3);
      assertEquals(TinyModels.V, loop.vocabulary());
    }
  }

  @Test
  void aTokenOutsideTheVocabularyIsNamed() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model, 2)) {
      loop.feed(1, 2);
      var e = assertThrows(RequestException.class, () -> loop.feed(1, 2, 3, 11));
      assertEquals(
          "token 11 at position 2 of row 1 is not in the vocabulary: 0 to 10", e.getMessage());
      assertThrows(RequestException.class, () -> loop.feed(-1, 0));
    }
  }

  @Test
  void unevenRowsAreRejected() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model, 2)) {
      assertThrows(RequestException.class, () -> loop.feed(1, 2, 3));
      assertThrows(RequestException.class, () -> loop.feed());
    }
  }

  @Test
  void rowsMayBeGivenAsArrays() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model, 2)) {
      var cancellation = new Cancellation();
      loop.feed(new long[][] {{1, 2}, {3, 4}}, cancellation);
      loop.feed(new long[][] {{5}, {6}}, cancellation);
      assertEquals(TinyModels.next(1, 2, 5), TinyModels.argmax(loop, 0));
      assertEquals(TinyModels.next(3, 4, 6), TinyModels.argmax(loop, 1));
      rejected("1 rows of tokens for a loop over 2", () -> loop.feed(new long[1][1], cancellation));
      rejected(
          "row 1 has 1 tokens and row 0 has 2",
          () -> loop.feed(new long[][] {{1, 2}, {3}}, cancellation));
      rejected("row 0 has 0 tokens", () -> loop.feed(new long[2][0], cancellation));
      rejected(
          "token 11 at position 4 of row 1 is not in the vocabulary",
          () -> loop.feed(new long[][] {{1, 2}, {3, 11}}, cancellation));
      assertEquals(3, loop.position());
    }
  }

  private static void rejected(String phrase, Executable call) {
    var e = assertThrows(RequestException.class, call);
    assertTrue(e.getMessage().contains(phrase), e.getMessage());
  }

  @Test
  void logitsBeforeTheFirstTokenAreRejected() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model)) {
      assertThrows(RequestException.class, () -> TinyModels.argmax(loop, 0));
      loop.feed(1);
      assertThrows(RequestException.class, () -> TinyModels.argmax(loop, 1));
      assertThrows(RequestException.class, () -> loop.logits(0, new float[3]));
    }
  }

  @Test
  void aMissingSourceIsNamed() {
    var translator =
        TinyModels.stateless()
            .input("src", ElementType.INT64, "batch", "m")
            .node("Identity", List.of("src"), "kept")
            .output("kept", ElementType.INT64, "batch", "m");
    try (var model = OnnxModel.load(translator.write(folder))) {
      var e = assertThrows(NameException.class, () -> TokenLoop.of(model));
      assertEquals(
          "this model's loop takes inputs besides tokens; missing are [src int64[batch, m]]",
          e.getMessage());
    }
  }

  @Test
  void aModelWithOtherInputsIsRejected() {
    try (var model = OnnxModel.load(TinyModels.unmarked().write(folder))) {
      var e = assertThrows(ModelException.class, () -> TokenLoop.of(model));
      assertTrue(
          e.getMessage().contains("[past_sum] are neither tokens nor state"), e.getMessage());
    }
  }

  @Test
  void aClosedLoopIsReported() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var loop = TokenLoop.of(model);
      loop.feed(1);
      loop.close();
      loop.close();
      assertThrows(ClosedException.class, () -> loop.feed(1));
      assertThrows(ClosedException.class, () -> TinyModels.argmax(loop, 0));
      assertThrows(ClosedException.class, loop::reset);
    }
  }

  @Test
  void aClosedLoopHasNoFork() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var loop = TokenLoop.of(model);
      loop.close();
      assertThrows(ClosedException.class, loop::fork);
    }
  }

  @Test
  void aLoopMayOutliveItsModel() {
    var model = OnnxModel.load(TinyModels.stateful().write(folder));
    try (var loop = TokenLoop.of(model)) {
      loop.feed(1);
      model.close();
      assertThrows(ClosedException.class, () -> loop.feed(1));
      assertEquals(TinyModels.next(1), TinyModels.argmax(loop, 0));
    }
  }
}
