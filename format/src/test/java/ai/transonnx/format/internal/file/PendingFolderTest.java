package ai.transonnx.format.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingFolderTest {
  @TempDir private Path directory = Path.of("");

  private static void write(PendingFolder folder, String text) throws IOException {
    try (var file = folder.create("file.txt")) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void aCompleteFolderHasItsNameAndNothingIsBesideIt() throws IOException {
    var target = directory.resolve("missing").resolve("folder");
    try (var folder = PendingFolder.create(target)) {
      write(folder, "text");
      assertFalse(Files.exists(target));
      folder.commit();
    }
    assertEquals("text", Files.readString(target.resolve("file.txt")));
    try (var files = Files.list(directory.resolve("missing"))) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void anIncompleteFolderLeavesNothing() throws IOException {
    try (var folder = PendingFolder.create(directory.resolve("folder"))) {
      write(folder, "text");
    }
    try (var files = Files.list(directory)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void aFolderThatExistsIsNotReplaced() throws IOException {
    var target = Files.createDirectory(directory.resolve("folder"));
    assertThrows(FileAlreadyExistsException.class, () -> PendingFolder.create(target));
  }

  @Test
  void anEarlierFolderIsReplacedAsAWhole() throws IOException {
    var target = Files.createDirectory(directory.resolve("folder"));
    Files.writeString(target.resolve("old.txt"), "old");
    try (var folder = PendingFolder.replacing(target)) {
      write(folder, "new");
      assertTrue(Files.exists(target.resolve("old.txt")));
      folder.commit();
    }
    assertEquals("new", Files.readString(target.resolve("file.txt")));
    assertFalse(Files.exists(target.resolve("old.txt")));
    try (var files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void aReplacementThatIsIncompleteLeavesTheEarlierFolder() throws IOException {
    var target = Files.createDirectory(directory.resolve("folder"));
    Files.writeString(target.resolve("old.txt"), "old");
    try (var folder = PendingFolder.replacing(target)) {
      write(folder, "new");
    }
    assertEquals("old", Files.readString(target.resolve("old.txt")));
    assertFalse(Files.exists(target.resolve("file.txt")));
  }

  @Test
  void aSymbolicLinkIsNotReplaced() throws IOException {
    var other = Files.createDirectory(directory.resolve("other"));
    var link = Files.createSymbolicLink(directory.resolve("link"), other);
    assertThrows(FileSystemException.class, () -> PendingFolder.replacing(link));
  }

  @Test
  void aFolderHasFoldersAndLinksToFiles() throws IOException {
    var content = Files.writeString(directory.resolve("content.txt"), "content");
    var target = directory.resolve("folder");
    try (var folder = PendingFolder.create(target)) {
      folder.addFolder("inner");
      folder.link(content, "inner/linked.txt");
      folder.commit();
    }
    assertEquals("content", Files.readString(target.resolve("inner/linked.txt")));
  }
}
