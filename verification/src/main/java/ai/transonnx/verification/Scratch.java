package ai.transonnx.verification;

import ai.transonnx.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder, deleted with its content when it is closed. */
public record Scratch(Path path) implements AutoCloseable {
  /**
   * Creates an empty folder.
   *
   * @throws InputException if it cannot be created
   */
  public static Scratch create() {
    try {
      return new Scratch(Files.createTempDirectory("transonnx"));
    } catch (IOException e) {
      throw new InputException(
          "%s: no folder can be created in it; specify another one for temporary files with -Djava.io.tmpdir=FOLDER"
              .formatted(System.getProperty("java.io.tmpdir")),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
