package ai.transonnx.verification.internal.runner.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.verification.internal.runner.Installed;
import ai.transonnx.verification.internal.runner.SmallModels;
import ai.transonnx.verification.runner.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** onnxruntime-web in Chromium, where both are installed. */
@Tag("browser")
final class WebRunnerTest {
  private static final List<ElementType> FLOAT = List.of(ElementType.FLOAT32);

  @TempDir private Path folder;

  @AfterEach
  void nothingIsLeft() throws IOException {
    var self = ProcessHandle.current();
    assertEquals(List.of(), self.descendants().filter(ProcessHandle::isAlive).toList());
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir", "")))) {
      var own = ".*/\\.transonnx-.*-" + self.pid() + "-.*";
      assertEquals(List.of(), files.filter(file -> file.toString().matches(own)).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web-wasm:none",
        "web-wasm:basic:threads=1",
        "web-wasm:extended",
        "web-wasm:all:threads=2",
        "web-webgpu"
      })
  void aGoldenCaseIsComputed(String name) {
    try (var runner = Installed.open(name)) {
      SmallModels.assertComputesGoldenCase(runner, folder);
    }
  }

  @ParameterizedTest
  @CsvSource({"web-wasm:threads=2, WebAssembly", "web-webgpu:threads=2, WebGPU"})
  void theFingerprintNamesTheBrowser(String name, String provider) {
    try (var runner = Installed.open(name)) {
      var fingerprint = runner.fingerprint();
      assertEquals("onnxruntime-web", fingerprint.runtime());
      assertTrue(fingerprint.version().matches("1\\.\\d+\\.\\d+.*"), fingerprint.version());
      assertEquals(provider, fingerprint.provider());
      assertEquals("2", fingerprint.properties().get("threads"));
      assertEquals(provider.equals("WebGPU"), fingerprint.properties().containsKey("adapter"));
      var browser = fingerprint.properties().getOrDefault("browser", "");
      assertTrue(browser.matches("[\\w ]+ \\d+(\\.\\d+)+"), browser);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"web-wasm", "web-webgpu"})
  void weightsMayBeInAnotherFile(String name, @TempDir Path divided) {
    try (var runner = Installed.open(name)) {
      SmallModels.assertComputesGoldenCase(new ExternalDataRunner(runner, divided), folder);
    }
  }

  @Test
  void tensorsOfEveryTypeButOnePassUnchanged() throws IOException {
    var types =
        Stream.of(ElementType.values())
            .filter(type -> type != ElementType.BFLOAT16 && !type.isPacked())
            .toList();
    try (var runner = Installed.open("web-wasm")) {
      SmallModels.assertPasses(runner, folder, types);
    }
  }

  @Test
  void bfloat16IsRefusedInOneLine() throws IOException {
    try (var runner = Installed.open("web-wasm")) {
      var model = SmallModels.identity(folder, List.of(ElementType.BFLOAT16));
      assertEquals(
          "web-wasm: an input or output of the model is bfloat16: ONNX Runtime's JavaScript API has"
              + " no such tensors",
          assertThrows(RunnerException.class, () -> runner.load(model)).getMessage());
      SmallModels.assertPasses(runner, folder, FLOAT);
    }
  }

  @EnabledOnOs(OS.LINUX)
  @Test
  void aBrowserThatIsKilledIsOneLine() throws IOException {
    assertFailsAfterKilling(
        process -> process.parent().equals(Optional.of(ProcessHandle.current())),
        "ended with exit code 137");
  }

  @EnabledOnOs(OS.LINUX)
  @Test
  void aPageThatCrashesIsOneLine() throws IOException {
    assertFailsAfterKilling(
        process -> command(process).contains("--type=renderer"),
        "lost its page, which crashed or was closed");
  }

  private static String command(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
    } catch (IOException e) {
      return ""; // It has ended.
    }
  }

  private void assertFailsAfterKilling(Predicate<ProcessHandle> which, String problem)
      throws IOException {
    try (var runner = Installed.open("web-wasm");
        var model = runner.load(SmallModels.identity(folder, FLOAT))) {
      var killed = ProcessHandle.current().descendants().filter(which).toList();
      assertFalse(killed.isEmpty());
      killed.forEach(ProcessHandle::destroyForcibly);
      var error =
          assertThrows(
              RunnerException.class,
              () -> model.run(SmallModels.inputs(FLOAT), Set.of("out_float32")));
      assertTrue(error.getMessage().contains(problem), error.getMessage());
    }
  }
}
