package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.MetadataKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** State files from untrusted sources. */
final class LoopStateFileTest {
  @TempDir private Path folder;

  @Test
  void theReasonOfAFailureIsReported() throws IOException {
    var nowhere = folder.resolve("none");
    var folderOfNothing = Files.createDirectory(folder.resolve("nothing"));
    var beside = Files.writeString(folder.resolve("loop.state.part"), "of another process");
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(1, 2, 3);
      var state = loop.state();
      assertSays(
          "cannot be written: there is no directory " + nowhere + "; create it first",
          () -> state.write(nowhere.resolve("loop.state")));
      assertSays(
          "cannot be written: this is a directory; specify the name of a file",
          () -> state.write(folderOfNothing));
      assertSays(
          "cannot be written: this is a pipe or a device; specify the name of a plain file",
          () -> state.write(Path.of("/dev/stdout")));
      assertSays("cannot be read: no such file", () -> LoopState.read(nowhere, model));
      assertSays(
          "cannot be read: this is a directory; a file is needed",
          () -> LoopState.read(folder, model));
      assertSays(
          "cannot be read: this is a pipe or a device; a file is needed",
          () -> LoopState.read(Path.of("/dev/zero"), model));
      state.write(folder.resolve("loop.state"));
      assertEquals("of another process", Files.readString(beside));
    }
  }

  @Test
  void aFileInAnArchiveIsRefused() throws IOException {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model);
        var archive =
            FileSystems.newFileSystem(folder.resolve("a.jar"), Map.of("create", "true"))) {
      loop.feed(1, 2, 3);
      var state = loop.state();
      var file = archive.getPath("/loop.state");
      var reason = "this is in a file system of type 'jar'; a plain file on disk is needed";
      assertSays("cannot be written: " + reason, () -> state.write(file));
      assertSays("cannot be read: " + reason, () -> LoopState.read(file, model));
    }
  }

  @Test
  void anImpossiblePositionIsRejected() throws IOException {
    for (long position : new long[] {Long.MAX_VALUE, (1L << 53) + 1}) {
      assertRejected(
          bytes -> bytes.putLong(POSITION, position),
          "position %s is impossible; a loop has at most 2^53 positions".formatted(position));
    }
  }

  @Test
  void aLoopCountsOnFromTheLastPossiblePosition() throws IOException {
    var file = folder.resolve("loop.state");
    var tiny = TinyModels.stateful().metadata(MetadataKey.MAX_LENGTH, "3");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(1, 2, 3);
      loop.state().write(file);
      var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).putLong(POSITION, 1L << 53);
      Files.write(file, bytes.array());
      loop.restore(LoopState.read(file, model));
      loop.feed(4);
      assertEquals((1L << 53) + 1, loop.position());
    }
  }

  private static void assertSays(String why, Executable call) {
    var e = assertThrows(RequestException.class, call);
    assertTrue(e.getMessage().endsWith(why), e.getMessage());
  }

  @Test
  void aDamagedFileIsRejected() throws IOException {
    var file = folder.resolve("loop.state");
    try (var model = OnnxModel.load(TinyModels.growing().write(folder));
        var loop = TokenLoop.of(model)) {
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

  /** The offsets of numbers in the file of a state with three tokens. */
  private static final int POSITION = 8;

  private static final int COMPUTED = 16;
  private static final int ROWS = 24;
  private static final int LENGTH = 28;
  private static final int FIRST_TOKEN = 32;
  private static final int TYPE_OF_LOGITS = 56;
  private static final int LOGITS = 88;

  @Test
  void countsAreCheckedBeforeAllocation() throws IOException {
    assertRejected(bytes -> bytes.putInt(LENGTH, 0), "the number of tokens is 0");
    assertRejected(bytes -> bytes.putInt(ROWS, Integer.MAX_VALUE), "ends too early");
    assertRejected(bytes -> bytes.putInt(LENGTH, Integer.MAX_VALUE), "are impossible with");
    assertRejected(bytes -> bytes.putLong(POSITION, 2), "are impossible with");
    assertRejected(bytes -> bytes.putLong(POSITION, -1), "are impossible with");
    assertRejected(bytes -> bytes.putLong(COMPUTED, 0), "are impossible with");
    assertRejected(bytes -> bytes.putLong(COMPUTED, 4), "are impossible with");
    assertRejected(bytes -> bytes.putLong(POSITION, 5), "has the last 3 of 5 tokens");
    assertRejected(bytes -> bytes.putLong(FIRST_TOKEN, 11), "token 11 at position 0 of row 0");
    assertRejected(bytes -> bytes.putLong(FIRST_TOKEN + 16, -1), "token -1 at position 2 of row 0");
  }

  @Test
  void aFileWithManyRowsAndNoTokensIsRejected() throws IOException {
    var file = folder.resolve("loop.state");
    try (var model = OnnxModel.load(TinyModels.growing().write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(1, 2, 3);
      loop.state().write(file);
      var bytes = ByteBuffer.wrap(Arrays.copyOf(Files.readAllBytes(file), 32));
      bytes.putLong(POSITION, 0).putLong(COMPUTED, 0).putInt(ROWS, Integer.MAX_VALUE);
      Files.write(file, bytes.putInt(LENGTH, 0).array());
      assertThrows(RequestException.class, () -> LoopState.read(file, model));
    }
  }

  @Test
  void logitsOfAnotherTypeAreRejected() throws IOException {
    assertRejected(
        bytes -> {
          bytes.putInt(TYPE_OF_LOGITS, 4); // int8
          var rest =
              bytes.slice(LOGITS + 4 * TinyModels.V, bytes.capacity() - LOGITS - 4 * TinyModels.V);
          bytes.put(LOGITS + TinyModels.V, rest, 0, rest.capacity());
          bytes.limit(LOGITS + TinyModels.V + rest.capacity());
        },
        "does not fit a loop over 1 rows");
  }

  private void assertRejected(Consumer<ByteBuffer> change, String why) throws IOException {
    var file = folder.resolve("loop.state");
    var tiny = TinyModels.stateful().metadata(MetadataKey.MAX_LENGTH, "4");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model)) {
      loop.feed(1, 2, 3);
      loop.state().write(file);
      var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      change.accept(bytes);
      Files.write(file, Arrays.copyOf(bytes.array(), bytes.limit()));
      var e = assertThrows(RequestException.class, () -> LoopState.read(file, model));
      assertTrue(e.getMessage().contains(why), e.getMessage());
    }
  }
}
