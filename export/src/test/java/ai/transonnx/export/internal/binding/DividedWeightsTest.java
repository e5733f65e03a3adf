package ai.transonnx.export.internal.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.graph.Shape;
import org.junit.jupiter.api.Test;

class DividedWeightsTest {
  private static void assertRefused(TestCheckpoint file, String message) {
    var actual = String.valueOf(assertThrows(InputException.class, file::bind).getMessage());
    assertTrue(actual.startsWith("test.pt: " + message), actual);
    assertEquals(1, actual.lines().count());
  }

  @Test
  void emptyWeightsAreNamed() {
    for (var prefix : new String[] {"", "module."}) {
      var file = new TestCheckpoint();
      for (var parameter : TestCheckpoint.model()) {
        file.add("module", prefix + parameter.name(), Shape.of(0));
      }
      assertRefused(
          file,
          "'%semb.weight' is empty: this is a part of a checkpoint that is divided among processes, such as DeepSpeed's ZeRO-3; specify the folder"
              .formatted(prefix));
    }
  }

  @Test
  void anEmptyTensorBesideAllWeightsIsOneThatIsNotUsed() {
    var file = new TestCheckpoint().add("", name -> name).add("", "layers.9.queue", Shape.of(0, 4));
    assertRefused(
        file,
        "these weights do not fit the configuration (tensors: 1 not used): layers.9.queue [0, 4] is"
            + " not used");
  }

  @Test
  void flatWeightsAreNamed() {
    var file =
        new TestCheckpoint().add("", "layers.0._fsdp_wrapped_module._flat_param", Shape.of(96));
    assertRefused(
        file,
        "'layers.0._fsdp_wrapped_module._flat_param' joins several weights: this is a part of a"
            + " checkpoint that FSDP has divided");
  }
}
