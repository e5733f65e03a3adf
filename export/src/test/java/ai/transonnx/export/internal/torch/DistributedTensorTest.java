package ai.transonnx.export.internal.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.pickle.PickleBytes;
import ai.transonnx.export.internal.weights.Refusal;
import ai.transonnx.export.internal.weights.TensorBytes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

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

  /** Each would take a part of the stack. */
  @TestFactory
  Stream<DynamicTest> partsOfPartsAreRefused() {
    var pickle = PickleBytes.of(2).op('}').text("w");
    pickle.tensor("FloatStorage", "0", 4, 0, "4;1");
    for (int i = 0; i < 20_000; i++) {
      pickle.op('r').u4(0).op('0');
      pickle.global("torch._tensor", "_rebuild_from_type_v2").op('(').global("test", "rebuild");
      pickle.global("torch.distributed.tensor", "DTensor").op('(', 'N', 'N').numbers(4).op('t');
      pickle.op('}', '(').text("_local_tensor").op('j').u4(0);
      pickle.text("_spec").op('}').text("placements").op(')', 's', 'u', 't', 'R');
    }
    return Stream.of(
        Refusal.of(
            "nested",
            TorchBytes.zip(pickle.op('s').stop(), Map.of("data/0", new byte[16])),
            "a DTensor's local tensor is no plain tensor"));
  }
}
