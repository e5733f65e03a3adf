package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Telemetry;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private static final Path CASE = Path.of("../golden-tests/cases/token-shift-gpt/base");

  @TempDir private Path folder;

  private static JsonNode json(CommandRun run) throws JsonProcessingException {
    return new JsonMapper().readTree(run.out());
  }

  @Test
  void theMachineIsDescribed() throws JsonProcessingException {
    var text = CommandRun.of("doctor").assertDone().out();
    assertTrue(text.startsWith("runtime:       ONNX Runtime 1."), text);
    assertTrue(text.contains("  cpu          loads\n"), text);
    var json = json(CommandRun.of("doctor", "--json").assertDone());
    assertTrue(json.path("ir_version").asInt() >= 10, json.toString());
    assertTrue(json.path("opset").asInt() >= 23, json.toString());
    assertEquals(Runtime.getRuntime().availableProcessors(), json.path("processors").asInt());
    assertEquals(13, json.path("devices").size());
    var pages = json.path("huge_pages").asText();
    assertTrue(List.of("always", "requested", "not_requested", "none").contains(pages), pages);
    assertTrue(text.contains("huge pages:    " + pages.replace('_', ' ')), text);
    var telemetry = Telemetry.here().name().toLowerCase(Locale.ROOT);
    assertEquals(telemetry, json.path("telemetry").asText());
    assertTrue(text.contains("telemetry:     off"), text);
  }

  @Test
  void aModelIsRun() throws JsonProcessingException {
    var model = folder.resolve("model.onnx");
    CommandRun.of("export", "--case", CASE, "--output", model).assertDone();
    var diagnosis =
        json(CommandRun.of("doctor", model, "--json").assertDone()).path("models").get(0);
    assertTrue(diagnosis.path("runs").asBoolean(), diagnosis.toString());
    assertEquals("cpu", diagnosis.path("device").asText());
    var lengths = diagnosis.path("peak_memory").findValuesAsText("length");
    assertTrue(
        lengths.isEmpty() || lengths.get(lengths.size() - 1).equals("32"), lengths.toString());
  }

  @Test
  void aMissingModelIsInvalidInput() {
    CommandRun.of("doctor", folder.resolve("none.onnx")).assertRefused("none.onnx: no such file");
  }

  @Test
  void aModelOrDeviceThatDoesNotLoadFailsTheDiagnosis() throws IOException {
    var file = Files.writeString(folder.resolve("broken.onnx"), "not a model");
    var run = CommandRun.of("doctor", file);
    assertEquals(ExitCode.FAILED, run.code());
    assertTrue(
        run.out().contains("does not run: " + file + ": truncated, or not an ONNX file"),
        run.out());
    var device = CommandRun.of("doctor", "--device", "rocm");
    assertEquals(ExitCode.FAILED, device.code());
    assertTrue(
        device.out().contains("requested:     rocm: this build of ONNX Runtime"), device.out());
  }
}
