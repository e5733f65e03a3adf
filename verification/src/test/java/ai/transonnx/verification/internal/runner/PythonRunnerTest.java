package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.runner.RunnerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PythonRunnerTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"python:none:threads=1", "onnx-reference"})
  void aGoldenCaseIsComputed(String name) {
    try (var runner = Installed.open(name)) {
      SmallModels.assertComputesGoldenCase(runner, folder);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"python", "onnx-reference"})
  void everyTypePasses(String name) throws IOException {
    try (var runner = Installed.open(name)) {
      SmallModels.assertPasses(
          runner,
          folder,
          Stream.of(ElementType.values()).filter(type -> !type.isPacked()).toList());
    }
  }

  @Test
  void theFingerprintHasVersions() {
    try (var runner = Installed.open("python:basic")) {
      var fingerprint = runner.fingerprint();
      assertEquals("onnxruntime-python", fingerprint.runtime());
      assertTrue(fingerprint.version().matches("\\d+\\.\\d+.*"), fingerprint.version());
      assertEquals("basic", fingerprint.properties().get("level"));
      assertTrue(fingerprint.properties().containsKey("python"));
    }
  }

  @Test
  void aFailureIsOneLineAndTheProcessGoesOn() throws IOException {
    var wrong = Map.of("in_bool", Tensor.ofFloats(new float[6], 2, 3));
    try (var runner = Installed.open("python");
        var model = runner.load(SmallModels.identity(folder, List.of(ElementType.BOOL)))) {
      for (int i = 0; i < 2; i++) {
        var error = assertThrows(RunnerException.class, () -> model.run(wrong, Set.of("out_bool")));
        assertTrue(error.getMessage().contains("bool"), error.getMessage());
        assertFalse(error.getMessage().contains("\n"), error.getMessage());
      }
    }
  }

  @Test
  void emptyTensorsPass() throws IOException {
    var empty = Map.of("in_float32", Tensor.zeros(ElementType.FLOAT32, 2, 0));
    try (var runner = Installed.open("python");
        var model = runner.load(SmallModels.identity(folder, List.of(ElementType.FLOAT32)))) {
      var output = model.run(empty, Set.of("out_float32")).get("out_float32");
      assertEquals("float32[2, 0]", String.valueOf(output));
    }
  }
}
