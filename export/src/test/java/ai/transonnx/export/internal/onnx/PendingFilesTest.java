package ai.transonnx.export.internal.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingFilesTest {
  @TempDir private Path directory;

  @Test
  void filesAreRenamedTogether() throws IOException {
    Files.writeString(directory.resolve("m.data"), "old");
    commit();
    assertEquals("new", Files.readString(directory.resolve("m.data")));
    assertEquals("new", Files.readString(directory.resolve("m")));
    assertEquals(List.of("m", "m.data"), names());
  }

  @Test
  void aFailedRenameRestoresTheReplacedFiles() throws IOException {
    Files.writeString(directory.resolve("m.data"), "old");
    Files.createDirectories(directory.resolve("m/in the way"));
    assertThrows(IOException.class, this::commit);
    assertEquals("old", Files.readString(directory.resolve("m.data")));
    assertEquals(List.of("m", "m.data"), names());
  }

  @Test
  void aFailedRenameLeavesNoNewFile() throws IOException {
    Files.createDirectories(directory.resolve("m/in the way"));
    assertThrows(IOException.class, this::commit);
    assertEquals(List.of("m"), names());
  }

  private void commit() throws IOException {
    try (var files = new PendingFiles()) {
      for (var name : List.of("m.data", "m")) {
        write(files.create(directory.resolve(name)));
      }
      files.commit();
    }
  }

  private static void write(FileChannel file) throws IOException {
    file.write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'}));
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
