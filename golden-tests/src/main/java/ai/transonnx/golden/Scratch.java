package ai.transonnx.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder that goes, with all that is in it, when it is closed. */
public record Scratch(Path path) implements AutoCloseable {
  /** A new, empty folder. */
  public static Scratch create() throws IOException {
    return new Scratch(Files.createTempDirectory("transonnx"));
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
