package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Rows of slots with one feature. */
final class RowBuffersTest {
  private static RowBuffers buffers() {
    var pair =
        new StateTensor(
            "past_keys_0",
            "present_keys_0",
            ElementType.FLOAT32,
            List.of(StateTensor.BATCH, StateTensor.CAPACITY),
            List.of(StateTensor.BATCH, Dim.of(0)),
            StateRole.BUFFER);
    var layout = new CacheLayout(0, Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
    var buffer = new RowBuffer(NativeEnvironment.get(), pair, new long[] {1, 0});
    return new RowBuffers(List.of(buffer), layout, Integer.MAX_VALUE);
  }

  private static void add(RowBuffers rows, float... keys) {
    rows.add(List.of(Tensor.ofFloats(keys, 1, keys.length)), keys.length);
  }

  private static Tensor keys(RowBuffers rows) {
    var inputs = new HashMap<String, OnnxTensor>();
    rows.bind(inputs, new HashMap<>(), 0, rows.rows());
    return NativeTensors.copy("keys", inputs.get("past_keys_0"));
  }

  @Test
  void slotsAreNotAddedBeyondTheExpectedPositions() {
    try (var rows = buffers()) {
      rows.expect(2, 5);
      add(rows, 1, 2, 3);
      add(rows, 4);
      assertArrayEquals(new float[] {1, 2, 3, 0, 0, 4, 0, 0, 0, 0}, keys(rows).floats());
    }
  }

  @Test
  void rowsMayBeLongerThanExpected() {
    try (var rows = buffers()) {
      rows.expect(1, 3);
      add(rows, 1, 2);
      for (int i = 0; i < 3; i++) {
        rows.reserve();
        keys(rows);
        rows.accept(0, 1);
      }
      assertArrayEquals(new float[] {1, 2, 0, 0, 0}, keys(rows).floats());
    }
  }

  @Test
  void moreRowsThanExpectedMayJoin() {
    try (var rows = buffers()) {
      rows.expect(1, 2);
      add(rows, 1);
      add(rows, 2);
      add(rows, 3);
      assertEquals(3, rows.rows());
      assertArrayEquals(new float[] {1, 0, 2, 0, 3, 0}, keys(rows).floats());
    }
  }

  @Test
  void expectedRowsGetTheirMemoryAtOnce() {
    try (var rows = buffers()) {
      rows.expect(3, 2);
      add(rows, 1);
      var inputs = new HashMap<String, OnnxTensor>();
      rows.bind(inputs, new HashMap<>(), 0, 3);
      assertEquals(6, inputs.get("past_keys_0").getInfo().getNumElements());
    }
  }
}
