package ai.transonnx.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.TestWeights;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExporterFailureTest {
  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void writeWeights() {
    new TestWeights()
        .addCounting("weight", 4, 4)
        .addCounting("bias", 4)
        .write(directory.resolve("w.safetensors"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesNothingWhenItFailsMidway(boolean external) throws IOException {
    Progress failing =
        (done, total) -> {
          if (done > 64) {
            throw new IllegalStateException("midway");
          }
        };
    assertThrows(
        IllegalStateException.class, () -> export(directory.resolve("m.onnx"), external, failing));
    assertEquals(List.of("w.safetensors"), names());
  }

  @Test
  void keepsTheOldFileWhenItFails() throws IOException {
    var output = Files.writeString(directory.resolve("m.onnx"), "old");
    Progress failing =
        (done, total) -> {
          throw new IllegalStateException("at once");
        };
    assertThrows(IllegalStateException.class, () -> export(output, false, failing));
    assertEquals("old", Files.readString(output));
    assertEquals(List.of("m.onnx", "w.safetensors"), names());
  }

  @Test
  void replacesTheOldFileWhenItIsComplete() throws IOException {
    var output = Files.writeString(directory.resolve("m.onnx"), "old");
    export(output, true, Progress.NONE);
    assertTrue(Files.size(output) > 100);
    assertEquals(List.of("m.onnx", "m.onnx.data", "w.safetensors"), names());
  }

  @Test
  void removesTheDataOfTheModelThatItReplaces() throws IOException {
    var output = directory.resolve("m.onnx");
    export(output, true, Progress.NONE);
    export(output, false, Progress.NONE);
    assertEquals(List.of("m.onnx", "w.safetensors"), names());
  }

  @Test
  void keepsAFileThatOnlyHasTheNameOfData() throws IOException {
    Files.writeString(directory.resolve("m.onnx.data"), "mine");
    var output = Files.writeString(directory.resolve("m.onnx"), "no model");
    export(output, false, Progress.NONE);
    export(output, false, Progress.NONE);
    assertEquals("mine", Files.readString(directory.resolve("m.onnx.data")));
  }

  @Test
  void stopsWhenItsThreadIsInterrupted() throws IOException {
    Progress interrupting = (done, total) -> Thread.currentThread().interrupt();
    assertThrows(
        CancellationException.class,
        () -> export(directory.resolve("m.onnx"), false, interrupting));
    assertTrue(Thread.interrupted(), "the thread can tell");
    assertEquals(List.of("w.safetensors"), names());
  }

  @Test
  void leavesNothingWhenTheProgramIsTerminated() throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path", ""),
                EndlessExport.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals('>', process.getInputStream().read(), "the export has begun");
    assertEquals(2, names().size(), "the weights and an unfinished file");
    process.destroy();
    process.waitFor();
    assertEquals(List.of("w.safetensors"), names());
  }

  @Test
  void reportsWhyAnOutputCannotBeWritten() throws IOException {
    var missing = directory.resolve("none/m.onnx");
    assertRefused(
        missing,
        ": cannot be written: there is no directory "
            + directory.resolve("none")
            + "; create it first");
    assertRefused(
        directory, ": cannot be written: this is a directory; specify the name of a file");
    var file = directory.resolve("w.safetensors");
    assertRefused(file.resolve("m.onnx"), ": cannot be written: " + file + " is not a directory");
    assertRefused(
        file,
        ": cannot be written: " + file + " is one of the files that the model is exported from");
    assertRefused(
        Path.of("/dev/null"),
        ": cannot be written: this is a pipe or a device; specify the name of a plain file");
    assertRefused(
        Path.of("/dev/stdout"),
        ": cannot be written: this is a pipe or a device; specify the name of a plain file");
  }

  @Test
  void namesTheDataThatCannotBeWritten() throws IOException {
    var data = Files.createDirectory(directory.resolve("n.onnx.data"));
    var error =
        assertThrows(
            InputException.class, () -> export(directory.resolve("n.onnx"), false, Progress.NONE));
    assertEquals(
        data + ": cannot be written: this is a directory; specify the name of a file",
        error.getMessage());
  }

  @Test
  void replacesTheModelThatALinkPointsTo() throws IOException {
    var folder = Files.createDirectory(directory.resolve("models"));
    var link = Files.createSymbolicLink(directory.resolve("m.onnx"), folder.resolve("1.onnx"));
    for (var external : List.of(true, false)) {
      export(link, external, Progress.NONE);
      assertTrue(Files.isSymbolicLink(link));
      assertTrue(Files.size(folder.resolve("1.onnx")) > 100);
      assertEquals(external, Files.exists(directory.resolve("m.onnx.data")));
    }
  }

  @Test
  void refusesAnOutputInAnArchive() throws IOException {
    var jar = directory.resolve("a.jar");
    try (var archive = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      assertRefused(
          archive.getPath("/m.onnx"),
          ": cannot be written: this is in a file system of type 'jar'; a plain file on disk is"
              + " needed");
    }
  }

  @Test
  void doesNotTouchTheWeights() throws IOException {
    var before = Files.readAllBytes(directory.resolve("w.safetensors"));
    export(directory.resolve("m.onnx"), false, Progress.NONE);
    assertArrayEquals(before, Files.readAllBytes(directory.resolve("w.safetensors")));
    assertFalse(Files.exists(directory.resolve("m.onnx.data")));
  }

  private void assertRefused(Path output, String expected) throws IOException {
    var before = names();
    var error = assertThrows(InputException.class, () -> export(output, false, Progress.NONE));
    assertEquals(output + expected, error.getMessage());
    assertEquals(before, names());
  }

  private void export(Path output, boolean external, Progress progress) {
    try (var weights = Weights.open(directory.resolve("w.safetensors"))) {
      Exporter.export(
          ExportRequest.builder(TestModels.full(17), weights, output)
              .externalData(external)
              .progress(progress)
              .build());
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** A program that pauses during an export until it is terminated. */
  static final class EndlessExport {
    private EndlessExport() {}

    public static void main(String[] args) {
      var directory = Path.of(args[0]);
      try (var weights = Weights.open(directory.resolve("w.safetensors"))) {
        Exporter.export(
            ExportRequest.builder(TestModels.full(17), weights, directory.resolve("m.onnx"))
                .externalData(true)
                .progress((done, total) -> waitForever())
                .build());
      }
    }

    private static void waitForever() {
      System.out.print(">");
      System.out.flush();
      while (true) {
        LockSupport.park();
      }
    }
  }
}
