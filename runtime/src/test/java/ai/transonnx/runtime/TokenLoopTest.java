package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class TokenLoopTest {
  @TempDir private Path folder;

  static Stream<TinyModel> models() {
    return Stream.of(
        TinyModels.stateful(), TinyModels.stateless(), TinyModels.growing(), TinyModels.vague());
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyTokenCountsHoweverTheyAreSplit(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 1)) {
      loop.feed(3, 4, 5);
      assertEquals(TinyModels.next(3, 4, 5), likeliest(loop, 0));
      loop.feed(6);
      assertEquals(TinyModels.next(3, 4, 5, 6), likeliest(loop, 0));
      loop.feed(7, 8);
      assertEquals(TinyModels.next(3, 4, 5, 6, 7, 8), likeliest(loop, 0));
      assertEquals(6, loop.position());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aFeedThatFailsLeavesTheLogits(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 2)) {
      loop.feed(3, 4, 5, 6, 7, 8);
      var cancelled = new Cancellation();
      cancelled.cancel();
      for (long[] more : new long[][] {{1, 2}, {1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 6, 7, 8}}) {
        assertThrows(CancelledException.class, () -> loop.feed(more, cancelled));
        assertEquals(TinyModels.next(3, 4, 5), likeliest(loop, 0));
        assertEquals(TinyModels.next(6, 7, 8), likeliest(loop, 1));
      }
      loop.feed(1, 2);
      assertEquals(TinyModels.next(3, 4, 5, 1), likeliest(loop, 0));
      assertEquals(TinyModels.next(6, 7, 8, 2), likeliest(loop, 1));
    }
  }

  @Test
  void whyTheWindowIsComputedAnewIsTold() {
    var tiny = TinyModels.stateful().metadata(MetadataReader.MAX_LENGTH, "4");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 1)) {
      loop.feed(1, 2, 3, 4);
      assertEquals(Optional.empty(), loop.recomputing());
      loop.feed(5);
      assertEquals(Optional.of("its window of 4 positions is full"), loop.recomputing());
    }
    try (var model = OnnxModel.load(TinyModels.stateless().write(folder));
        var loop = new TokenLoop(model, 1)) {
      loop.feed(1, 2, 3, 4);
      assertEquals(Optional.empty(), loop.recomputing());
      loop.feed(5);
      assertEquals(Optional.of("it was exported without --incremental"), loop.recomputing());
    }
  }

  @Test
  void onlyAModelThatCanGoesOnBeyondItsWindow() {
    assertFixed("nothing is kept", TinyModels.stateless());
    assertFixed(
        "not known to be relative", TinyModels.stateful().metadata(MetadataReader.MAX_LENGTH, "4"));
    assertFixed(
        "its positions are absolute",
        TinyModels.stateful().metadata(MetadataReader.FIXED_WINDOW, "its positions are absolute"));
  }

  private void assertFixed(String why, TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var e =
          assertThrows(
              RequestException.class, () -> new TokenLoop(model, 1, Map.of(), FullWindow.KEEP));
      assertTrue(e.getMessage().contains(why), e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 7", "1, 1", "3, 50"})
  void aRingIsFedNoMoreThanItHolds(int window, int slots) {
    var tiny =
        TinyModels.stateful()
            .metadata(MetadataReader.MAX_LENGTH, "4")
            .metadata(MetadataReader.RING + "_window", Integer.toString(window))
            .metadata(MetadataReader.RING + "_slots", Integer.toString(slots));
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 1, Map.of(), FullWindow.KEEP)) {
      long[] fed = new Random(2).longs(60, 0, TinyModels.V).toArray();
      loop.feed(Arrays.copyOf(fed, 20));
      assertEquals(TinyModels.next(Arrays.copyOf(fed, 20)), likeliest(loop, 0));
      loop.feed(Arrays.copyOfRange(fed, 20, 60));
      assertEquals(TinyModels.next(fed), likeliest(loop, 0));
      loop.rewind(31);
      assertEquals(TinyModels.next(Arrays.copyOf(fed, 31)), likeliest(loop, 0));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void rowsAreApart(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 2)) {
      loop.feed(1, 2, 3, 4);
      loop.feed(5, 6);
      assertEquals(TinyModels.next(1, 2, 5), likeliest(loop, 0));
      assertEquals(TinyModels.next(3, 4, 6), likeliest(loop, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void beyondTheMaximumLengthTheWindowSlides(TinyModel tiny) {
    tiny.metadata(MetadataReader.MAX_LENGTH, "4");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 1)) {
      long[] fed = new long[300];
      for (int i = 0; i < fed.length; i++) {
        fed[i] = (long) i * i % TinyModels.V;
        loop.feed(fed[i]);
        long[] seen = Arrays.copyOfRange(fed, Math.max(0, i - 3), i + 1);
        assertEquals(TinyModels.next(seen), likeliest(loop, 0), "after token " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void ofALongPromptTheEndIsSeen(TinyModel tiny) {
    tiny.metadata(MetadataReader.MAX_LENGTH, "3");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 2)) {
      loop.feed(9, 9, 1, 2, 3, 8, 8, 4, 5, 6);
      assertEquals(TinyModels.next(1, 2, 3), likeliest(loop, 0));
      assertEquals(TinyModels.next(4, 5, 6), likeliest(loop, 1));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aResetLoopHasSeenNothing(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 1)) {
      loop.feed(3, 4, 5);
      loop.reset();
      loop.feed(2);
      assertEquals(TinyModels.next(2), likeliest(loop, 0));
      assertEquals(1, loop.position());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aRefusedCallLeavesTheLoopAsItWas(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 1)) {
      loop.feed(3);
      var cancelled = new Cancellation();
      cancelled.cancel();
      assertThrows(CancelledException.class, () -> loop.feed(new long[] {4}, cancelled));
      loop.feed(5);
      assertEquals(TinyModels.next(3, 5), likeliest(loop, 0));
      assertEquals(2, loop.position());
    }
  }

  @Test
  void aVocabularyThatTheModelLeavesOpenIsKnownFromTheFirstLogits() {
    try (var model = OnnxModel.load(TinyModels.vague().write(folder));
        var loop = new TokenLoop(model, 1)) {
      assertThrows(RequestException.class, loop::vocabulary);
      loop.feed(3);
      assertEquals(TinyModels.V, loop.vocabulary());
    }
  }

  @Test
  void aTokenOutsideTheVocabularyIsNamed() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = new TokenLoop(model, 2)) {
      loop.feed(1, 2);
      var e = assertThrows(RequestException.class, () -> loop.feed(1, 2, 3, 11));
      assertEquals(
          "token 11 at position 2 of row 1 is not in the vocabulary: 0 to 10", e.getMessage());
      assertThrows(RequestException.class, () -> loop.feed(-1, 0));
    }
  }

  @Test
  void unevenRowsAreRefused() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = new TokenLoop(model, 2)) {
      assertThrows(RequestException.class, () -> loop.feed(1, 2, 3));
      assertThrows(RequestException.class, () -> loop.feed());
    }
  }

  @Test
  void logitsBeforeTheFirstTokenAreRefused() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = new TokenLoop(model, 1)) {
      assertThrows(RequestException.class, () -> likeliest(loop, 0));
      loop.feed(1);
      assertThrows(RequestException.class, () -> likeliest(loop, 1));
      assertThrows(RequestException.class, () -> loop.logits(0, new float[3]));
    }
  }

  @Test
  void aModelWithOtherInputsIsRefused() {
    try (var model = OnnxModel.load(TinyModels.unmarked().write(folder))) {
      var e = assertThrows(ModelException.class, () -> new TokenLoop(model, 1));
      assertTrue(
          e.getMessage().contains("[past_sum] are neither tokens nor state"), e.getMessage());
    }
  }

  @Test
  void aClosedLoopSaysSo() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var loop = new TokenLoop(model, 1);
      loop.feed(1);
      loop.close();
      loop.close();
      assertThrows(ClosedException.class, () -> loop.feed(1));
      assertThrows(ClosedException.class, () -> likeliest(loop, 0));
      assertThrows(ClosedException.class, loop::reset);
    }
  }

  @Test
  void aLoopMayOutliveItsModel() {
    var model = OnnxModel.load(TinyModels.stateful().write(folder));
    try (var loop = new TokenLoop(model, 1)) {
      loop.feed(1);
      model.close();
      assertThrows(ClosedException.class, () -> loop.feed(1));
      assertEquals(TinyModels.next(1), likeliest(loop, 0));
    }
  }

  @Test
  void aThousandStepsHoldNoMoreMemoryThanOne() throws IOException {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.exists(status), "resident memory is read from " + status);
    try (var model = OnnxModel.load(TinyModels.heavy().write(folder));
        var loop = new TokenLoop(model, 1)) {
      loop.feed(1);
      long before = residentKilobytes(status);
      for (int i = 0; i < 1000; i++) {
        loop.feed(1);
      }
      long grown = residentKilobytes(status) - before;
      assertTrue(grown < 200_000, "1000 states of a megabyte left " + grown + " kB behind");
    }
  }

  private static long residentKilobytes(Path status) throws IOException {
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElseThrow();
    }
  }

  private static int likeliest(TokenLoop loop, int row) {
    var logits = new float[loop.vocabulary()];
    loop.logits(row, logits);
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
