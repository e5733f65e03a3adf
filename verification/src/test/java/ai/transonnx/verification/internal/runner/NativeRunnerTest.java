package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.NativeRuntime;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.RunnerException;
import ai.transonnx.verification.runner.Runners;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NativeRunnerTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"cpu:none", "cpu:basic", "cpu:extended", "cpu:all:threads=2", "cpu"})
  void aGoldenCaseIsComputed(String name) {
    try (var runner = Runners.open(name)) {
      assertEquals(name, runner.name());
      SmallModels.assertComputesGoldenCase(runner, folder);
    }
  }

  @Test
  void theFingerprintNamesVersionSettingsAndProcessor() {
    try (var runner = Runners.open("cpu:basic:threads=2")) {
      var fingerprint = runner.fingerprint();
      assertEquals("onnxruntime-java", fingerprint.runtime());
      assertEquals(NativeRuntime.version().orElseThrow(), fingerprint.version());
      assertEquals("CPUExecutionProvider", fingerprint.provider());
      assertEquals("basic", fingerprint.properties().get("level"));
      assertEquals("2", fingerprint.properties().get("threads"));
      assertTrue(fingerprint.properties().containsKey("system"));
    }
  }

  @Test
  void tokensOfForeignFilesMayBeNegative() throws IOException {
    var types = List.of(ElementType.INT64);
    var inputs = Map.of("in_int64", Tensor.ofLongs(new long[] {-1, -2}, 2, 1));
    try (var runner = Runners.open("cpu");
        var model = runner.load(SmallModels.identity(folder, types))) {
      assertEquals(-2, model.run(inputs, Set.of("out_int64")).get("out_int64").longs()[1]);
    }
  }

  @Test
  void aDamagedFileIsOneLine() {
    var file = Path.of("../golden-tests/cases/token-shift-gpt/base/case.json");
    try (var runner = Runners.open("cpu")) {
      var error = assertThrows(RunnerException.class, () -> runner.load(file));
      assertTrue(error.getMessage().startsWith("cpu: "), error.getMessage());
      assertFalse(error.getMessage().contains("\n"), error.getMessage());
    }
  }

  @Test
  void aMissingInputIsOneLine() throws IOException {
    try (var runner = Runners.open("cpu");
        var model = runner.load(SmallModels.identity(folder, List.of(ElementType.BOOL)))) {
      var error =
          assertThrows(RunnerException.class, () -> model.run(Map.of(), Set.of("out_bool")));
      assertTrue(error.getMessage().contains("'in_bool' is missing"), error.getMessage());
    }
  }

  @Test
  void aMissingDeviceNamesTheCommandThatExplainsIt() {
    Assumptions.assumeTrue(
        NativeRuntime.problem(Device.parse("dnnl")).isPresent(), "dnnl is installed");
    var error = assertThrows(MissingRunnerException.class, () -> Runners.open("dnnl"));
    assertTrue(error.getMessage().startsWith("dnnl: "), error.getMessage());
    assertEquals("transonnx doctor", error.install());
  }
}
