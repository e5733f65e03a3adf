package ai.transonnx.verification;

import ai.transonnx.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder, deleted with its content when it is closed or the JVM ends. */
public final class Scratch implements AutoCloseable {
  private static final int ATTEMPTS = 10;

  private final Path path;
  private final Thread hook = new Thread(this::removeAtEnd, "remove temporary files");

  private Scratch(Path path) {
    this.path = path;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      removeAtEnd(); // The JVM shuts down.
    }
  }

  /** The folder. */
  public Path path() {
    return path;
  }

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
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM shuts down, and the hook finds no folder.
    }
  }

  /** Repeats because another thread may still write into the folder. */
  private void removeAtEnd() {
    for (int i = 0; i < ATTEMPTS && Files.exists(path); i++) {
      try {
        remove();
      } catch (IOException | UncheckedIOException e) {
        // A file has been added: once more.
      }
    }
  }

  private void remove() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
