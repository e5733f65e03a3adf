package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Comparison;
import ai.transonnx.verification.Recording;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs a model over segments, passing on its state only. */
class MemoriesTest {
  @TempDir private Path scratch;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xl-recurrence",
        "xl-recurrence-rotary",
        "enhanced-recurrence",
        "enhanced-recurrence-2"
      })
  void emptyMemoriesEqualNoMemories(String name) {
    var folder = CaseFolder.read(Path.of("cases", "x-transformers", name));
    var file = scratch.resolve("memories.onnx");
    folder.export(
        GraphRequest.builder().inputs("tokens", "mem").outputs("logits", "mem").build(), file);
    try (var model = OnnxModel.load(file);
        var recording = Recording.open(folder.tensors())) {
      Map<String, Tensor> state = new HashMap<>();
      for (var step : folder.steps()) {
        var tokens = recording.input(step, "tokens");
        for (var pair : model.metadata().state()) {
          state.computeIfAbsent(pair.input(), any -> Tensor.zeros(pair, (int) tokens.shape()[0]));
        }
        var inputs = new HashMap<>(state);
        inputs.put("tokens", tokens);
        var outputs = model.run(inputs);
        var comparison =
            Comparison.of("logits", recording.output(step, "logits"), outputs.get("logits"));
        assertTrue(comparison.agrees(), "step " + step.index() + ": " + comparison.description());
        for (var pair : model.metadata().state()) {
          state.put(pair.input(), outputs.get(pair.output()));
        }
      }
    }
  }
}
