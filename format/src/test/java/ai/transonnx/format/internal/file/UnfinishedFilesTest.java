package ai.transonnx.format.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedFilesTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void aKilledProcessLeavesNothingAfterTheNextWrite() throws Exception {
    var process = startWriting();
    assertEquals(1, names().size(), "an unfinished file");
    process.destroyForcibly().waitFor();
    assertEquals(1, names().size(), "nobody has removed it");
    write("m");
    assertEquals(List.of("m"), names());
  }

  @Test
  void aTerminatedProcessLeavesNothing() throws Exception {
    var process = startWriting();
    process.destroy();
    process.waitFor();
    assertEquals(List.of(), names());
  }

  @Test
  void theFilesOfALivingProcessStay() throws Exception {
    var process = startWriting();
    try (var own = new PendingFiles()) {
      own.create(directory.resolve("own"));
      var unfinished = names();
      assertEquals(2, unfinished.size());
      write("m");
      write("m");
      Files.delete(directory.resolve("m"));
      assertEquals(unfinished, names());
      own.commit();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void theUsersFilesStay() throws IOException {
    var own = List.of(".transonnx-1-2.part", ".transonnx-notes.part", "m.onnx.part", "n");
    for (var name : own) {
      Files.createFile(directory.resolve(name));
    }
    Files.createSymbolicLink(directory.resolve(".transonnx-00000000-1-1-0.part"), Path.of("n"));
    write("n");
    assertEquals(5, names().size());
  }

  @Test
  void aFileOfAnotherMachineStaysForADay() throws IOException {
    var recent = directory.resolve(".transonnx-fffffff0-1-1-0.part");
    var old = directory.resolve(".transonnx-fffffff1-1-1-0.part");
    Files.createFile(recent);
    Files.createFile(old);
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    write("m");
    assertEquals(List.of(String.valueOf(recent.getFileName()), "m"), names());
  }

  private void write(String name) throws IOException {
    try (var files = new PendingFiles()) {
      files.create(directory.resolve(name));
      files.commit();
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private Process startWriting() throws IOException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path", ""),
                EndlessWrite.class.getName(),
                directory.resolve("m").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals('>', process.getInputStream().read(), "the file is created");
    return process;
  }

  /** A program that stops while it writes a file. */
  static final class EndlessWrite {
    private EndlessWrite() {}

    public static void main(String[] args) throws IOException {
      try (var files = new PendingFiles()) {
        files.create(Path.of(args[0])).write(0);
        System.out.print(">");
        System.out.flush();
        while (true) {
          LockSupport.park();
        }
      }
    }
  }
}
