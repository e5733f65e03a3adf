package ai.transonnx.format.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptedFolderTest {
  @TempDir private Path directory = Path.of("");

  private Path folder(String name) throws IOException {
    var folder = Files.createDirectory(directory.resolve(name));
    Files.writeString(folder.resolve("library"), "content");
    return folder;
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private void adoptOther() throws IOException {
    AdoptedFolder.of(folder("lib-other"), "lib-").remove();
  }

  @Test
  void removalDeletesTheContent() throws IOException {
    adoptOther();
    assertEquals(List.of(), names());
  }

  @Test
  void theFolderOfAKilledProcessIsRemovedByTheNext() throws Exception {
    startWith(folder("lib-1")).destroyForcibly().waitFor();
    assertEquals(List.of("lib-1"), names());
    adoptOther();
    assertEquals(List.of(), names());
  }

  @Test
  void theFoldersOfLivingProcessesAndOtherProgramsStay() throws Exception {
    folder("lib-of-another-program");
    var process = startWith(folder("lib-1"));
    try {
      startWith(folder("other-1")).destroyForcibly().waitFor();
      adoptOther();
      assertEquals(List.of("lib-1", "lib-of-another-program", "other-1"), names());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static Process startWith(Path folder) throws IOException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path", ""),
                Adoption.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals('>', process.getInputStream().read(), "the folder is adopted");
    return process;
  }

  /** A program that uses a folder until it is killed. */
  static final class Adoption {
    private Adoption() {}

    public static void main(String[] args) throws IOException {
      AdoptedFolder.of(Path.of(args[0]), "lib-");
      System.out.print(">");
      System.out.flush();
      while (true) {
        LockSupport.park();
      }
    }
  }
}
