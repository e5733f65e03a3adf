package ai.transonnx.format.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void closingDeletesItWithItsContent() throws IOException {
    try (var folder = TemporaryFolder.in(directory)) {
      Files.createDirectories(folder.path().resolve("a/b"));
      Files.writeString(folder.path().resolve("a/b/c"), "text");
      assertEquals(2, names().size());
    }
    assertEquals(List.of(), names());
  }

  @Test
  void linksInItAreNotFollowed() throws IOException {
    var own = Files.createDirectory(directory.resolve("own"));
    Files.createFile(own.resolve("file"));
    try (var folder = TemporaryFolder.in(directory)) {
      Files.createSymbolicLink(folder.path().resolve("link"), own);
    }
    assertTrue(Files.exists(own.resolve("file")));
  }

  @Test
  void noOtherUserCanReadIt() throws IOException {
    try (var folder = TemporaryFolder.in(directory)) {
      assertEquals(
          PosixFilePermissions.fromString("rwx------"),
          Files.getPosixFilePermissions(folder.path()));
    }
  }

  @Test
  void aTerminatedProcessLeavesNothing() throws Exception {
    var process = startUsing();
    process.destroy();
    process.waitFor();
    assertEquals(List.of(), names());
  }

  @Test
  void aKilledProcessLeavesNothingAfterTheNextFolder() throws Exception {
    var process = startUsing();
    process.destroyForcibly().waitFor();
    assertEquals(2, names().size(), "nobody has removed it");
    TemporaryFolder.in(directory).close();
    assertEquals(List.of(), names());
  }

  @Test
  void theFolderOfALivingProcessStays() throws Exception {
    var process = startUsing();
    try {
      var used = names();
      TemporaryFolder.in(directory).close();
      assertEquals(used, names());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aMissingParentFails() {
    assertThrows(IOException.class, () -> TemporaryFolder.in(directory.resolve("missing")));
  }

  @Test
  void aFileWithoutANameIsWrittenAndRead() throws IOException {
    try (var file = TemporaryFiles.open()) {
      file.write(ByteBuffer.wrap(new byte[] {1, 2}));
      var read = ByteBuffer.allocate(2);
      file.read(read, 0);
      assertEquals(2, read.get(1));
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private Process startUsing() throws IOException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path", ""),
                EndlessUse.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals('>', process.getInputStream().read(), "the folder is created");
    return process;
  }

  /** A program that stops while it uses a folder. */
  static final class EndlessUse {
    private EndlessUse() {}

    public static void main(String[] args) throws IOException {
      try (var folder = TemporaryFolder.in(Path.of(args[0]))) {
        Files.writeString(folder.path().resolve("file"), "text");
        System.out.print(">");
        System.out.flush();
        while (true) {
          LockSupport.park();
        }
      }
    }
  }
}
