package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
  void aForkGoesItsOwnWay(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 1)) {
      loop.feed(3, 4);
      try (var fork = loop.fork()) {
        assertEquals(TinyModels.next(3, 4), likeliest(fork));
        fork.feed(1);
        loop.feed(5, 5);
        assertEquals(TinyModels.next(3, 4, 1), likeliest(fork));
        assertEquals(TinyModels.next(3, 4, 5, 5), likeliest(loop));
        assertEquals(3, fork.position());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aFileKeepsWhatALoopHasComeTo(TinyModel tiny) {
    var file = folder.resolve("loop.state");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 2)) {
      loop.feed(1, 2, 3, 4);
      loop.state().write(file);
      loop.feed(9, 9);
      loop.restore(LoopState.read(file, model));
      assertEquals(2, loop.position());
      loop.feed(5, 6);
      assertEquals(TinyModels.next(1, 2, 5), likeliest(loop));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aLoopGoesBackToAnyPosition(TinyModel tiny) {
    tiny.metadata(MetadataReader.MAX_LENGTH, "6");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 1)) {
      long[] tokens = {3, 4, 5, 6, 7, 8, 9, 10};
      loop.feed(tokens);
      for (int earlier : new int[] {8, 7, 5, 1}) {
        loop.rewind(earlier);
        assertEquals(earlier, loop.position());
        long[] seen = Arrays.copyOfRange(tokens, Math.max(0, earlier - 6), earlier);
        assertEquals(TinyModels.next(seen), likeliest(loop));
      }
      loop.rewind(0);
      loop.feed(2);
      assertEquals(TinyModels.next(2), likeliest(loop));
      assertThrows(RequestException.class, () -> loop.rewind(2));
      assertThrows(RequestException.class, () -> loop.rewind(-1));
    }
  }

  @Test
  void thePositionsThatCanBeGoneBackToAreSaid() {
    var tiny = TinyModels.stateful().metadata(MetadataReader.MAX_LENGTH, "24");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 1)) {
      loop.feed(1, 2, 3, 4, 5);
      assertCannotGoBack(loop, 9, "position 9 cannot be gone back to; 0 to 5 can");
      assertCannotGoBack(loop, -1, "position -1 cannot be gone back to; 0 to 5 can");
      long forgotten = 0;
      while (forgotten == 0) {
        loop.feed(1);
        forgotten = loop.position() - loop.state().tokens()[0].length;
      }
      assertCannotGoBack(
          loop,
          forgotten + 23,
          "position %d cannot be gone back to; 0, and those from %d to %d can"
              .formatted(forgotten + 23, forgotten + 24, loop.position()));
      loop.rewind(forgotten + 24);
      loop.rewind(0);
    }
  }

  private static void assertCannotGoBack(TokenLoop loop, long earlier, String message) {
    var e = assertThrows(RequestException.class, () -> loop.rewind(earlier));
    assertEquals(message, e.getMessage());
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    var file = folder.resolve("loop.state");
    try (var model = OnnxModel.load(TinyModels.growing().write(folder));
        var loop = new TokenLoop(model, 1)) {
      loop.feed(1, 2, 3);
      loop.state().write(file);
      byte[] whole = Files.readAllBytes(file);
      for (int length = 0; length < whole.length; length++) {
        Files.write(file, Arrays.copyOf(whole, length));
        assertThrows(RequestException.class, () -> LoopState.read(file, model));
      }
      Files.write(file, Arrays.copyOf(whole, whole.length + 1));
      assertThrows(RequestException.class, () -> LoopState.read(file, model));
      for (int at = 0; at < whole.length; at++) {
        byte[] changed = whole.clone();
        changed[at] = 0x7f;
        Files.write(file, changed);
        try {
          loop.restore(LoopState.read(file, model));
          loop.logits(0, new float[TinyModels.V]);
          loop.feed(1);
          loop.rewind(1);
        } catch (InferenceException e) {
          assertEquals(1, e.getMessage().lines().count());
        }
      }
    }
  }

  /** The places of numbers in the file of a state of three tokens. */
  private static final int POSITION = 8;

  private static final int COMPUTED = 16;
  private static final int ROWS = 24;
  private static final int LENGTH = 28;
  private static final int FIRST_TOKEN = 32;
  private static final int TYPE_OF_LOGITS = 56;
  private static final int LOGITS = 88;

  @Test
  void whatAFileClaimsIsCheckedBeforeItIsBelieved() throws IOException {
    assertRefused(bytes -> bytes.putInt(LENGTH, 0), "the number of tokens is 0");
    assertRefused(bytes -> bytes.putInt(ROWS, Integer.MAX_VALUE), "ends too early");
    assertRefused(bytes -> bytes.putInt(LENGTH, Integer.MAX_VALUE), "does not go with");
    assertRefused(bytes -> bytes.putLong(POSITION, 2), "does not go with");
    assertRefused(bytes -> bytes.putLong(POSITION, -1), "does not go with");
    assertRefused(bytes -> bytes.putLong(COMPUTED, 0), "does not go with");
    assertRefused(bytes -> bytes.putLong(COMPUTED, 4), "does not go with");
    assertRefused(bytes -> bytes.putLong(POSITION, 5), "has the last 3 of 5 tokens");
    assertRefused(bytes -> bytes.putLong(FIRST_TOKEN, 11), "token 11 at position 0 of row 0");
    assertRefused(bytes -> bytes.putLong(FIRST_TOKEN + 16, -1), "token -1 at position 2 of row 0");
  }

  @Test
  void aFileOfManyRowsAndNothingElseIsRefused() throws IOException {
    var file = folder.resolve("loop.state");
    try (var model = OnnxModel.load(TinyModels.growing().write(folder));
        var loop = new TokenLoop(model, 1)) {
      loop.feed(1, 2, 3);
      loop.state().write(file);
      var bytes = ByteBuffer.wrap(Arrays.copyOf(Files.readAllBytes(file), 32));
      bytes.putLong(POSITION, 0).putLong(COMPUTED, 0).putInt(ROWS, Integer.MAX_VALUE);
      Files.write(file, bytes.putInt(LENGTH, 0).array());
      assertThrows(RequestException.class, () -> LoopState.read(file, model));
    }
  }

  @Test
  void logitsOfAnotherTypeAreRefused() throws IOException {
    assertRefused(
        bytes -> {
          bytes.putInt(TYPE_OF_LOGITS, 4); // int8
          var rest =
              bytes.slice(LOGITS + 4 * TinyModels.V, bytes.capacity() - LOGITS - 4 * TinyModels.V);
          bytes.put(LOGITS + TinyModels.V, rest, 0, rest.capacity());
          bytes.limit(LOGITS + TinyModels.V + rest.capacity());
        },
        "is not one of 1 rows");
  }

  private void assertRefused(Consumer<ByteBuffer> change, String why) throws IOException {
    var file = folder.resolve("loop.state");
    var tiny = TinyModels.stateful().metadata(MetadataReader.MAX_LENGTH, "4");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = new TokenLoop(model, 1)) {
      loop.feed(1, 2, 3);
      loop.state().write(file);
      var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      change.accept(bytes);
      Files.write(file, Arrays.copyOf(bytes.array(), bytes.limit()));
      var e = assertThrows(RequestException.class, () -> LoopState.read(file, model));
      assertTrue(e.getMessage().contains(why), e.getMessage());
    }
  }

  @Test
  void aStateOfAnotherModelIsRefused() {
    try (var growing = OnnxModel.load(TinyModels.growing().write(folder));
        var loop = new TokenLoop(growing, 1)) {
      loop.feed(1, 2, 3);
      var state = loop.state();
      try (var other = new TokenLoop(growing, 2)) {
        assertThrows(RequestException.class, () -> other.restore(state));
      }
      try (var stateful = OnnxModel.load(TinyModels.stateful().write(folder));
          var other = new TokenLoop(stateful, 1)) {
        assertThrows(RequestException.class, () -> other.restore(state));
      }
    }
  }

  private static long likeliest(TokenLoop loop) {
    var logits = new float[loop.vocabulary()];
    loop.logits(0, logits);
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
