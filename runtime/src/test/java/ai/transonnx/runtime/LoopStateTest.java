package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.MetadataKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LoopStateTest {
  @TempDir private Path folder;

  static Stream<TinyModel> models() {
    return Stream.of(TinyModels.stateful(), TinyModels.stateless(), TinyModels.growing());
  }

  @ParameterizedTest
  @MethodSource("models")
  void aForkIsIndependent(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(3, 4);
      try (var fork = loop.fork()) {
        assertEquals(TinyModels.next(3, 4), argmax(fork));
        fork.feed(1);
        loop.feed(5, 5);
        assertEquals(TinyModels.next(3, 4, 1), argmax(fork));
        assertEquals(TinyModels.next(3, 4, 5, 5), argmax(loop));
        assertEquals(3, fork.position());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aSnapshotCanBeSavedToAFile(TinyModel tiny) {
    var file = folder.resolve("loop.state");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model, 2)) {
      loop.feed(1, 2, 3, 4);
      loop.state().write(file);
      loop.feed(9, 9);
      loop.restore(LoopState.read(file, model));
      assertEquals(2, loop.position());
      loop.feed(5, 6);
      assertEquals(TinyModels.next(1, 2, 5), argmax(loop));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aLoopRewindsToAnyPosition(TinyModel tiny) {
    tiny.metadata(MetadataKey.MAX_LENGTH, "6");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      long[] tokens = {3, 4, 5, 6, 7, 8, 9, 10};
      loop.feed(tokens);
      for (int earlier : new int[] {8, 7, 5, 1}) {
        loop.rewind(earlier);
        assertEquals(earlier, loop.position());
        long[] seen = Arrays.copyOfRange(tokens, Math.max(0, earlier - 6), earlier);
        assertEquals(TinyModels.next(seen), argmax(loop));
      }
      loop.rewind(0);
      loop.feed(2);
      assertEquals(TinyModels.next(2), argmax(loop));
      assertThrows(RequestException.class, () -> loop.rewind(2));
      assertThrows(RequestException.class, () -> loop.rewind(-1));
    }
  }

  @Test
  void anInvalidRewindNamesThePossiblePositions() {
    var tiny = TinyModels.stateful().metadata(MetadataKey.MAX_LENGTH, "24");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(1, 2, 3, 4, 5);
      assertCannotRewind(loop, 9, "cannot rewind to position 9; possible are 0 to 5");
      assertCannotRewind(loop, -1, "cannot rewind to position -1; possible are 0 to 5");
      long forgotten = 0;
      while (forgotten == 0) {
        loop.feed(1);
        forgotten = loop.position() - loop.state().tokens()[0].length;
      }
      assertCannotRewind(
          loop,
          forgotten + 23,
          "cannot rewind to position %s; possible are 0, and %s to %s"
              .formatted(forgotten + 23, forgotten + 24, loop.position()));
      loop.rewind(forgotten + 24);
      loop.rewind(0);
    }
  }

  private static void assertCannotRewind(TokenLoop loop, long earlier, String message) {
    var e = assertThrows(RequestException.class, () -> loop.rewind(earlier));
    assertEquals(message, e.getMessage());
  }

  @Test
  void aFailedFeedForgetsNothing() {
    var tiny = TinyModels.stateful().metadata(MetadataKey.MAX_LENGTH, "4");
    var ended = new Cancellation();
    ended.cancel();
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      long[] tokens = new Random(4).longs(60, 0, TinyModels.V).toArray();
      loop.feed(tokens);
      assertThrows(CancelledException.class, () -> loop.feed(new long[500], ended));
      loop.rewind(30);
      assertEquals(TinyModels.next(Arrays.copyOfRange(tokens, 26, 30)), argmax(loop));
    }
  }

  @Test
  void theLastFeedCanAlwaysBeRewound() {
    var tiny = TinyModels.stateful().metadata(MetadataKey.MAX_LENGTH, "32");
    long[] tokens = new Random(5).longs(300, 0, TinyModels.V).toArray();
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      for (int n : new int[] {63, 1, 1, 20, 100, 1, 64, 50}) {
        int start = (int) loop.position();
        var next = Arrays.copyOfRange(tokens, start, start + n);
        loop.feed(next);
        loop.rewind(start);
        loop.feed(next);
      }
      assertEquals(TinyModels.next(Arrays.copyOfRange(tokens, 268, 300)), argmax(loop));
    }
  }

  @Test
  void aStateContinuesOnlyWithTheSameContextOverflow() {
    var tiny =
        TinyModels.stateful()
            .metadata(MetadataKey.MAX_LENGTH, "4")
            .metadata(MetadataKey.RING_WINDOW, "3")
            .metadata(MetadataKey.RING_SLOTS, "9");
    try (var model = OnnxModel.load(tiny.write(folder));
        var recomputes = TokenLoop.of(model);
        var keeps = TokenLoop.builder(model).contextOverflow(ContextOverflow.SLIDE).build()) {
      recomputes.feed(1, 2, 3, 4);
      keeps.restore(recomputes.state());
      recomputes.feed(5);
      keeps.feed(6);
      var other = "another ContextOverflow";
      assertRejected(other, () -> keeps.restore(recomputes.state()));
      assertRejected(other, () -> recomputes.restore(keeps.state()));
      assertEquals(TinyModels.next(1, 2, 3, 4, 6), argmax(keeps));
      assertEquals(TinyModels.next(2, 3, 4, 5), argmax(recomputes));
    }
  }

  private static void assertRejected(String why, Executable call) {
    var e = assertThrows(RequestException.class, call);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void aStateWithAnImpossibleCountIsRejected() {
    try (var model = OnnxModel.load(TinyModels.counting().write(folder));
        var loop = TokenLoop.of(model, 2)) {
      loop.feed(1, 2, 3, 4, 5, 6);
      var state = loop.state();
      for (long count : new long[] {0, 3, 5}) {
        loop.restore(counted(state, count));
      }
      for (long count : new long[] {-1, 6, 100_000_000, Long.MAX_VALUE}) {
        assertRejected(
            "this state includes 3 positions; its 'past_position' has another count",
            () -> loop.restore(counted(state, count)));
      }
    }
  }

  private static LoopState counted(LoopState state, long count) {
    var counts = Tensor.ofLongs(new long[] {3, count}, 2);
    return new LoopState(
        state.position(),
        state.computed(),
        state.tokens(),
        List.of(counts),
        state.logits(),
        state.weights());
  }

  @Test
  void aStateOfOtherWeightsIsRejected() {
    var file = folder.resolve("loop.state");
    try (var model = OnnxModel.load(weighed("ab").write(folder));
        var same = OnnxModel.load(weighed("ab").write(folder));
        var other = OnnxModel.load(weighed("cd").write(folder));
        var unsaid = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(1, 2, 3);
      loop.state().write(file);
      assertEquals(3, LoopState.read(file, same).position());
      assertRejected("this state belongs to other weights", () -> LoopState.read(file, other));
      assertRejected("this state belongs to other weights", () -> LoopState.read(file, unsaid));
    }
  }

  private static TinyModel weighed(String hash) {
    return TinyModels.stateful().metadata(MetadataKey.WEIGHTS_SHA256, hash);
  }

  @Test
  void aStateOfAnotherModelIsRejected() {
    try (var growing = OnnxModel.load(TinyModels.growing().write(folder));
        var loop = TokenLoop.of(growing)) {
      loop.feed(1, 2, 3);
      var state = loop.state();
      try (var other = TokenLoop.of(growing, 2)) {
        assertThrows(RequestException.class, () -> other.restore(state));
      }
      try (var stateful = OnnxModel.load(TinyModels.stateful().write(folder));
          var other = TokenLoop.of(stateful)) {
        assertThrows(RequestException.class, () -> other.restore(state));
      }
    }
  }

  private static long argmax(TokenLoop loop) {
    var logits = new float[loop.vocabulary()];
    loop.logits(0, logits);
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
