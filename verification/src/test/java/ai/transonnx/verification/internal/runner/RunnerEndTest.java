package ai.transonnx.verification.internal.runner;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.format.ElementType;
import ai.transonnx.verification.runner.RunnerException;
import ai.transonnx.verification.runner.Runners;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a runner leaves no process and no file. */
final class RunnerEndTest {
  @TempDir private Path folder;

  private Set<Path> before = Set.of();

  @BeforeEach
  void listFiles() throws IOException {
    before = files();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertEquals(
        List.of(), ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).toList());
    assertEquals(before, files());
  }

  /** The temporary files of this process. */
  private static Set<Path> files() throws IOException {
    var own = ".*/\\.transonnx-\\w+-" + ProcessHandle.current().pid() + "-.*";
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir", "")))) {
      return files.filter(file -> file.toString().matches(own)).collect(toSet());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"works", "does-not-exit"})
  void aRunnerThatIsClosedLeavesNothing(String mode) throws IOException {
    var types = List.of(ElementType.FLOAT32);
    try (var runner = Runners.open(FakeRunner.name(mode));
        var model = runner.load(SmallModels.identity(folder, types))) {
      model.run(SmallModels.inputs(types), Set.of("out_float32"));
    }
  }

  @Test
  void aRunnerThatDoesNotStartLeavesNothing() {
    assertThrows(RunnerException.class, () -> Runners.open(FakeRunner.name("begins-with-garbage")));
  }

  @EnabledOnOs(OS.LINUX)
  @ParameterizedTest
  @ValueSource(strings = {"starts-a-child", "leaves-an-orphan"})
  void everythingThatTheProcessStartedIsKilled(String mode) {
    try (var runner = Runners.open(FakeRunner.name(mode))) {
      assertEquals(1, sleeping(), runner.name());
    }
    assertEquals(0, sleeping());
  }

  private static long sleeping() {
    var command = "sleep " + FakeRunner.seconds(ProcessHandle.current());
    return ProcessHandle.allProcesses()
        .filter(handle -> handle.info().commandLine().orElse("").endsWith(command))
        .count();
  }

  @Test
  void theEndOfTheJvmEndsTheProcessAndDeletesItsFolder() throws Exception {
    var java = Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
    var builder =
        new ProcessBuilder(
                java,
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                classPath(),
                OpenRunner.class.getName(),
                FakeRunner.name("works"))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    var process = builder.start();
    try (var output = process.inputReader()) {
      var processes = output.lines().map(Long::valueOf).toList();
      assertEquals(1, processes.size());
      assertEquals(0, process.waitFor());
      assertFalse(ProcessHandle.of(processes.get(0)).filter(ProcessHandle::isAlive).isPresent());
    }
    try (var files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  /** Some programs that run tests load classes with a loader of their own. */
  private static String classPath() {
    return RunnerEndTest.class.getClassLoader() instanceof URLClassLoader loader
        ? Stream.of(loader.getURLs()).map(URL::getPath).collect(joining(File.pathSeparator))
        : System.getProperty("java.class.path", "");
  }
}
