package ai.transonnx.format.internal.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainFileTest {
  private static final String NOT_PLAIN = "this is a pipe or a device; a file is needed";

  @TempDir private Path directory = Path.of("");

  @Test
  void aPipeIsRefusedInsteadOfAwaited() throws Exception {
    assertRefused(Pipe.create(directory.resolve("case.json")), NOT_PLAIN);
  }

  @Test
  void devicesAndFilesOfTheKernelAreRefused() throws IOException {
    assertRefused(Path.of("/dev/null"), NOT_PLAIN);
    assertRefused(Path.of("/proc/self/maps"), NOT_PLAIN);
    var link = Files.createSymbolicLink(directory.resolve("m"), Path.of("/proc/self/maps"));
    assertRefused(link, NOT_PLAIN);
    Files.delete(link);
  }

  @Test
  void aFileInAnArchiveIsRefusedAlsoIfTheDiskHasOneOfThatName() throws IOException {
    var file = Files.createFile(directory.resolve("m.onnx"));
    var jar = directory.resolve("a.jar");
    try (var archive = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      assertRefused(
          archive.getPath(file.toString()),
          "this is in a file system of type 'jar'; a plain file on disk is needed");
    }
  }

  @Test
  void aMissingFileAndADirectoryAreRefused() {
    assertRefused(directory.resolve("none"), "no such file");
    assertRefused(directory, "this is a directory; a file is needed");
  }

  @Test
  void aLinkToAPlainFileIsRead() throws IOException {
    var file = Files.writeString(directory.resolve("file"), "content");
    var link = Files.createSymbolicLink(directory.resolve("link"), file);
    try (var content = PlainFile.stream(link)) {
      assertEquals("content", new String(content.readAllBytes(), UTF_8));
    }
  }

  private static void assertRefused(Path file, String reason) {
    var e = assertThrows(IOException.class, () -> PlainFile.channel(file).close());
    assertEquals(reason, FileErrors.unreadable(e));
  }
}
