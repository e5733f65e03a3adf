package ai.transonnx.format.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputPathTest {
  private static final String NOT_PLAIN =
      "this is a pipe or a device; specify the name of a plain file";

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/stdout",
        "/dev/null",
        "/dev/new",
        "/dev/fd/1",
        "/proc/self/fd/1",
        "/proc/self/exe",
        "/dev/../dev/stdout",
        "/sys/new"
      })
  void noDeviceAndNoLinkOfTheSystemIsAnOutput(String device) throws IOException {
    assertRefused(Path.of(device), NOT_PLAIN);
    var link = Files.createSymbolicLink(directory.resolve("link"), Path.of(device));
    assertRefused(link, NOT_PLAIN);
    assertRefused(Files.createSymbolicLink(directory.resolve("second"), link), NOT_PLAIN);
    Files.delete(link);
  }

  @Test
  void noPipeIsAnOutput() throws Exception {
    assertRefused(Pipe.create(directory.resolve("pipe")), NOT_PLAIN);
  }

  @Test
  void memoryMayHaveAnOutput() throws IOException {
    var file = Files.createTempFile(Path.of("/dev/shm"), "output", "");
    try {
      assertEquals(file, OutputPath.resolve(file));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void endlessLinksAreRefused() throws IOException {
    var link = Files.createSymbolicLink(directory.resolve("link"), Path.of("link"));
    assertRefused(link, "too many symbolic links");
  }

  @Test
  void theDirectoryMustExist() throws IOException {
    var missing = directory.resolve("none");
    assertRefused(missing.resolve("m"), "there is no directory " + missing + "; create it first");
    var link = Files.createSymbolicLink(directory.resolve("link"), missing.resolve("m"));
    assertRefused(link, "there is no directory " + missing + "; create it first");
    var file = Files.createFile(directory.resolve("file"));
    assertRefused(file.resolve("m"), file + " is not a directory");
    assertRefused(directory, "this is a directory; specify the name of a file");
    assertRefused(Path.of("/"), "this is a directory; specify the name of a file");
  }

  @Test
  void aFileInAnArchiveIsNoOutput() throws IOException {
    var jar = directory.resolve("a.jar");
    try (var archive = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      assertRefused(
          archive.getPath("m.onnx"),
          "this is in a file system of type 'jar'; a plain file on disk is needed");
    }
  }

  private static void assertRefused(Path output, String reason) {
    var e = assertThrows(FileSystemException.class, () -> OutputPath.resolve(output));
    assertEquals(reason, e.getReason());
    assertEquals(output.toString(), e.getFile());
  }
}
