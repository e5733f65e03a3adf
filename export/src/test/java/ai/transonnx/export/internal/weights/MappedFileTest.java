package ai.transonnx.export.internal.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
  @Test
  void slicesSpanWindowBoundaries(@TempDir Path directory) throws IOException {
    var content = new byte[1000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 7);
    }
    var path = Files.write(directory.resolve("bytes"), content);
    try (var file = MappedFile.open(path, 64)) {
      for (int offset = 0; offset <= content.length; offset += 13) {
        int length = Math.min(200, content.length - offset);
        var slice = file.slice(offset, length);
        assertEquals(length, slice.remaining());
        for (int i = 0; i < length; i++) {
          assertEquals(content[offset + i], slice.get(i));
        }
      }
      assertThrows(IndexOutOfBoundsException.class, () -> file.slice(900, 101));
      assertThrows(IndexOutOfBoundsException.class, () -> file.slice(-1, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> file.part(10, 20).slice(15, 6));
    }
  }

  @Test
  void readsBeyondTwoGibibytes(@TempDir Path directory) throws IOException {
    long far = (3L << 30) + 5;
    var path = directory.resolve("sparse");
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(far);
      file.write(new byte[] {1, 2, 3});
    }
    try (var file = MappedFile.open(path)) {
      assertEquals(0x030201, file.slice(far - 1, 4).getInt() >>> 8);
    }
  }

  @Test
  void reportsAnUnsuitablePath(@TempDir Path directory) {
    assertMessage(directory.resolve("none"), "none: no such file");
    assertMessage(directory, ": this is a directory; a file is needed");
    assertMessage(Path.of("/dev/null"), "/dev/null: this is a pipe or a device; a file is needed");
  }

  private static void assertMessage(Path path, String expected) {
    var error = assertThrows(InputException.class, () -> MappedFile.open(path));
    assertTrue(String.valueOf(error.getMessage()).endsWith(expected), error.getMessage());
  }
}
