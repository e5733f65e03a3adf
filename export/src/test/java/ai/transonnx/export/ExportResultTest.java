package ai.transonnx.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.export.weights.WeightSelection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The note about the weights of a model. */
class ExportResultTest {
  private static Optional<String> note(String key, String... alternatives) {
    var selection = new WeightSelection(key, "", new TreeSet<>(), List.of(), List.of(alternatives));
    return new ExportResult(List.of(), selection, Optional.empty()).note();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "model", "state_dict.module"})
  void aUsualKeyIsNotReported(String key) {
    assertEquals(Optional.empty(), note(key));
  }

  @Test
  void anotherKeyIsReported() {
    assertEquals(Optional.of("used the state dict under the key 'run.ema'"), note("run.ema"));
  }

  @Test
  void otherStateDictsAreReported() {
    assertEquals(
        Optional.of(
            "used the state dict at the top level; other tensors fit as well: --weights-key ema"),
        note("", "--weights-key ema"));
  }
}
