package ai.transonnx.verification.internal.runner.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.verification.internal.runner.Installed;
import ai.transonnx.verification.internal.runner.SmallModels;
import ai.transonnx.verification.runner.RunnerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** onnxruntime-node, where it is installed. */
@Tag("browser")
final class NodeRunnerTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node:none",
        "node:basic",
        "node:extended",
        "node:all:threads=2",
        "node:threads=1"
      })
  void aGoldenCaseIsComputed(String name) {
    try (var runner = Installed.open(name)) {
      SmallModels.assertComputesGoldenCase(runner, folder);
    }
  }

  @Test
  void theFingerprintNamesNode() {
    try (var runner = Installed.open("node:basic:threads=2")) {
      var fingerprint = runner.fingerprint();
      assertEquals("onnxruntime-node", fingerprint.runtime());
      assertTrue(fingerprint.version().matches("1\\.\\d+\\.\\d+.*"), fingerprint.version());
      assertEquals("CPUExecutionProvider", fingerprint.provider());
      assertEquals("basic", fingerprint.properties().get("level"));
      assertEquals("2", fingerprint.properties().get("threads"));
      assertTrue(fingerprint.properties().containsKey("node"));
    }
  }

  @Test
  void weightsMayBeInAnotherFile(@TempDir Path divided) {
    try (var runner = Installed.open("node")) {
      SmallModels.assertComputesGoldenCase(new ExternalDataRunner(runner, divided), folder);
    }
  }

  @Test
  void tensorsOfEveryTypeButOnePassUnchanged() throws IOException {
    var types =
        Stream.of(ElementType.values())
            .filter(type -> type != ElementType.BFLOAT16 && !type.isPacked())
            .toList();
    try (var runner = Installed.open("node")) {
      SmallModels.assertPasses(runner, folder, types);
    }
  }

  @Test
  void bfloat16IsRefusedInOneLine() throws IOException {
    try (var runner = Installed.open("node")) {
      var model = SmallModels.identity(folder, List.of(ElementType.BFLOAT16));
      assertEquals(
          "node: an input or output of the model is bfloat16: ONNX Runtime's JavaScript API has no"
              + " such tensors",
          assertThrows(RunnerException.class, () -> runner.load(model)).getMessage());
      SmallModels.assertPasses(runner, folder, List.of(ElementType.FLOAT32));
    }
  }
}
