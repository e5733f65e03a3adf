package ai.transonnx.export.internal.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.TensorBytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reads one of the files that {@code parts.py} has written. */
class DistributedTensorTest {
  private static final Path PART =
      Path.of("src/test/resources/ai/transonnx/export/internal/torch/model_world_size_2_rank_0.pt");

  @Test
  void aTensorThatAProcessHasAsAWholeIsRead() {
    try (var file = Weights.open(PART)) {
      assertEquals(Set.of("net.all", "net.few", "net.plain"), file.tensors().keySet());
      var few = Objects.requireNonNull(file.tensors().get("net.few"));
      assertEquals(List.of(0f, 1f, 2f), TensorBytes.numbers(few));
    }
  }

  @Test
  void aPartOfATensorIsNamedAsOne() {
    try (var file = Weights.open(PART)) {
      assertEquals(Set.of("net.rows", "net.columns"), file.unusable().keySet());
      assertTrue(
          String.valueOf(file.unusable().get("net.columns"))
              .startsWith("it is one process's part [2, 3] of a tensor [2, 5]; save the full"));
    }
  }
}
