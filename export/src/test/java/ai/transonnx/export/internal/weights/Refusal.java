package ai.transonnx.export.internal.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.Weights;
import ai.transonnx.export.weights.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DynamicTest;

/** Checks that invalid files are refused with one line that names the file and the problem. */
public final class Refusal {
  private Refusal() {}

  /**
   * A test that a file with these bytes is refused when it is opened or when its tensors are read.
   */
  public static DynamicTest of(String name, byte[] bytes, String message) {
    return DynamicTest.dynamicTest(
        name + ": " + message,
        () -> {
          var path = Files.createTempFile("hostile", ".bin");
          try {
            Files.write(path, bytes);
            assertRefused(path, message);
          } finally {
            Files.delete(path);
          }
        });
  }

  /** Asserts that a file is refused. */
  public static void assertRefused(Path path, String message) throws IOException {
    var error = assertThrows(InputException.class, () -> readAll(path));
    String actual = String.valueOf(error.getMessage());
    assertTrue(actual.startsWith(path.toString()), actual);
    assertEquals(1, actual.lines().count(), actual);
    assertTrue(actual.contains(message), actual);
    assertTrue(actual.length() < 2000, actual);
  }

  /** Opens a file and reads each tensor that fits one slice. */
  public static void readAll(Path path) {
    try (var file = Weights.open(path)) {
      for (var tensor : file.tensors().values()) {
        if (tensor.byteCount() <= Content.MAX_SLICE) {
          tensor.content().slice(0, (int) tensor.byteCount());
        }
      }
    }
  }
}
