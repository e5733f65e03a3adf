package ai.transonnx.format.internal.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingFilesTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void takeTheirNamesTogether() throws IOException {
    Files.writeString(directory.resolve("m.data"), "old");
    write(directory.resolve("m.data"), directory.resolve("m"));
    assertEquals("new", Files.readString(directory.resolve("m.data")));
    assertEquals("new", Files.readString(directory.resolve("m")));
    assertEquals(List.of("m", "m.data"), names());
  }

  @Test
  void giveNamesBackWhenOneOfThemCannotHaveIts() throws IOException {
    Files.writeString(directory.resolve("m.data"), "old");
    assertThrows(IOException.class, this::commitInTheWay);
    assertEquals("old", Files.readString(directory.resolve("m.data")));
    assertEquals(List.of("m", "m.data"), names());
  }

  @Test
  void leaveNothingWhereNothingWas() throws IOException {
    assertThrows(IOException.class, this::commitInTheWay);
    assertEquals(List.of("m"), names());
  }

  @Test
  void keepAFirstFileThatCannotBeReplaced() throws IOException {
    var file = Files.writeString(directory.resolve("m"), "old");
    try (var files = new PendingFiles()) {
      write(files.create(file));
      write(files.create(directory.resolve("n")));
      Files.delete(file);
      Files.createDirectories(file.resolve("in the way"));
      assertThrows(IOException.class, files::commit);
    }
    assertEquals(List.of("m"), names());
    assertTrue(Files.isDirectory(file.resolve("in the way")));
  }

  @Test
  void keepTheOldFileUntilTheyAreComplete() throws IOException {
    var file = Files.writeString(directory.resolve("m"), "old");
    try (var files = new PendingFiles()) {
      write(files.create(file));
      assertEquals("old", Files.readString(file));
    }
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("m"), names());
  }

  @Test
  void areWrittenByAnInterruptedThread() throws IOException {
    Thread.currentThread().interrupt();
    write(directory.resolve("m"));
    assertTrue(Thread.interrupted(), "the thread can tell");
    assertEquals("new", Files.readString(directory.resolve("m")));
  }

  @Test
  void replaceTheFileThatALinkPointsTo() throws IOException {
    var elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    var file = Files.writeString(elsewhere.resolve("file"), "old");
    var second = Files.createSymbolicLink(elsewhere.resolve("second"), Path.of("file"));
    var link = Files.createSymbolicLink(directory.resolve("link"), second);
    write(link);
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(Files.isSymbolicLink(second));
    assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    assertEquals("new", Files.readString(file));
    assertEquals(List.of("elsewhere", "link"), names());
  }

  @Test
  void createTheFileThatALinkPointsTo() throws IOException {
    var link = Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
    write(link);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(directory.resolve("file")));
  }

  @Test
  void inheritPermissions() throws IOException {
    var secret = PosixFilePermissions.fromString("r--r-----");
    var file = Files.writeString(directory.resolve("m"), "old");
    Files.setPosixFilePermissions(file, secret);
    write(file);
    assertEquals("new", Files.readString(file));
    assertEquals(secret, Files.getPosixFilePermissions(file));
  }

  private void commitInTheWay() throws IOException {
    try (var files = new PendingFiles()) {
      write(files.create(directory.resolve("m.data")));
      write(files.create(directory.resolve("m")));
      Files.createDirectories(directory.resolve("m/in the way"));
      files.commit();
    }
  }

  private static void write(Path... targets) throws IOException {
    try (var files = new PendingFiles()) {
      for (var target : targets) {
        write(files.create(target));
      }
      files.commit();
    }
  }

  private static void write(FileOutputStream file) throws IOException {
    file.write("new".getBytes(UTF_8));
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
