package ai.transonnx.export.internal.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Opens arbitrary bytes as a weight file and reads its tensors. The file must be accepted, or
 * refused with one line.
 */
final class Opening {
  private final Path path;

  /** Opens files in a new temporary directory. */
  Opening() {
    try {
      path = Files.createTempDirectory("fuzz").resolve("file");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the bytes were accepted. */
  boolean accepts(byte[] bytes) {
    try {
      // A new file each time: overwriting is slow on some file systems.
      Files.write(path, bytes, StandardOpenOption.CREATE_NEW);
      Refusal.readAll(path);
      return true;
    } catch (InputException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith(String.valueOf(path.getParent())), message);
      assertEquals(1, message.lines().count(), message);
      assertTrue(message.length() < 5000, message);
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete();
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
