package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.MetadataKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The behaviour of a loop when its context window is full. */
final class ContextOverflowTest {
  @TempDir private Path folder;

  @Test
  void theReasonForRecomputingTheWindowIsReported() {
    var tiny = TinyModels.stateful().metadata(MetadataKey.MAX_LENGTH, "4");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(1, 2, 3, 4);
      assertEquals(Optional.empty(), loop.recomputeReason());
      loop.feed(5);
      assertEquals(
          Optional.of("its context window of 4 positions is full"), loop.recomputeReason());
    }
    try (var model = OnnxModel.load(TinyModels.stateless().write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(1, 2, 3, 4);
      assertEquals(Optional.empty(), loop.recomputeReason());
      loop.feed(5);
      assertEquals(Optional.of("it was exported without --incremental"), loop.recomputeReason());
    }
  }

  @Test
  void aModelThatCannotSlideItsWindowIsRejected() {
    assertFixed("so it has no state", TinyModels.stateless());
    assertFixed(
        "not known to be relative", TinyModels.stateful().metadata(MetadataKey.MAX_LENGTH, "4"));
    assertFixed(
        "its positions are absolute",
        TinyModels.stateful().metadata(MetadataKey.FIXED_WINDOW, "its positions are absolute"));
  }

  private void assertFixed(String why, TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var e =
          assertThrows(
              RequestException.class,
              () -> TokenLoop.builder(model).contextOverflow(ContextOverflow.SLIDE).build());
      assertTrue(e.getMessage().contains(why), e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 7", "1, 1", "3, 50"})
  void aCallFeedsNoMoreThanTheRingHolds(int window, int slots) {
    var tiny =
        TinyModels.stateful()
            .metadata(MetadataKey.MAX_LENGTH, "4")
            .metadata(MetadataKey.RING_WINDOW, Integer.toString(window))
            .metadata(MetadataKey.RING_SLOTS, Integer.toString(slots));
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.builder(model).contextOverflow(ContextOverflow.SLIDE).build()) {
      long[] fed = new Random(2).longs(60, 0, TinyModels.V).toArray();
      loop.feed(Arrays.copyOf(fed, 20));
      assertEquals(TinyModels.next(Arrays.copyOf(fed, 20)), TinyModels.argmax(loop, 0));
      loop.feed(Arrays.copyOfRange(fed, 20, 60));
      assertEquals(TinyModels.next(fed), TinyModels.argmax(loop, 0));
      loop.rewind(31);
      assertEquals(TinyModels.next(Arrays.copyOf(fed, 31)), TinyModels.argmax(loop, 0));
    }
  }

  @ParameterizedTest
  @MethodSource("ai.transonnx.runtime.TokenLoopTest#models")
  void beyondTheMaximumLengthTheWindowSlides(TinyModel tiny) {
    tiny.metadata(MetadataKey.MAX_LENGTH, "4");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      long[] fed = new long[300];
      for (int i = 0; i < fed.length; i++) {
        fed[i] = (long) i * i % TinyModels.V;
        loop.feed(fed[i]);
        long[] seen = Arrays.copyOfRange(fed, Math.max(0, i - 3), i + 1);
        assertEquals(TinyModels.next(seen), TinyModels.argmax(loop, 0), "after token " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ai.transonnx.runtime.TokenLoopTest#models")
  void aLongPromptIsCutToItsEnd(TinyModel tiny) {
    tiny.metadata(MetadataKey.MAX_LENGTH, "3");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model, 2)) {
      loop.feed(9, 9, 1, 2, 3, 8, 8, 4, 5, 6);
      assertEquals(TinyModels.next(1, 2, 3), TinyModels.argmax(loop, 0));
      assertEquals(TinyModels.next(4, 5, 6), TinyModels.argmax(loop, 1));
    }
  }
}
