package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowBufferTest {
  /** Rows of two heads with slots of one feature. */
  private static RowBuffer buffer() {
    var pair =
        new StateTensor(
            "past_keys_0",
            "present_keys_0",
            ElementType.FLOAT32,
            List.of(StateTensor.BATCH, Dim.of(2), Dim.of("capacity"), Dim.of(1)),
            List.of(StateTensor.BATCH, Dim.of(2), Dim.of(0), Dim.of(1)),
            StateRole.BUFFER);
    return new RowBuffer(NativeEnvironment.get(), pair, new long[] {1, 2, 3, 1});
  }

  private static Tensor row(int slots, float... values) {
    return Tensor.ofFloats(values, 1, 2, slots, 1);
  }

  private static float[] values(RowBuffer buffer, int first, int count) {
    return NativeTensors.copy("rows", buffer.input(first, count)).floats();
  }

  @Test
  void rowsStayWhenSlotsAreAddedAndRemoved() {
    try (var buffer = buffer()) {
      buffer.resize(4, 8, 0); // enough memory for all steps
      buffer.resize(3, 2, 0);
      buffer.put(0, row(3, 1, 2, 9, 3, 4, 9), 2);
      buffer.put(1, row(2, 5, 6, 7, 8), 2);
      buffer.put(2, row(1, 10, 11), 1);
      float[] before = {1, 2, 3, 4, 5, 6, 7, 8, 10, 0, 11, 0};
      assertArrayEquals(before, values(buffer, 0, 3));
      buffer.resize(3, 4, 3);
      assertArrayEquals(
          new float[] {1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 0, 0, 7, 8, 0, 0, 10, 0, 0, 0, 11, 0, 0, 0},
          values(buffer, 0, 3));
      buffer.resize(3, 2, 3);
      assertArrayEquals(before, values(buffer, 0, 3));
      buffer.resize(40, 3, 3); // in new memory
      assertArrayEquals(
          new float[] {1, 2, 0, 3, 4, 0, 5, 6, 0, 7, 8, 0, 10, 0, 0, 11, 0, 0},
          values(buffer, 0, 3));
    }
  }

  @Test
  void theLastRowTakesTheMemoryOfAnother() {
    try (var buffer = buffer()) {
      buffer.resize(2, 2, 0);
      buffer.put(0, row(2, 1, Float.NaN, 3, 4), 2);
      buffer.put(1, row(2, 5, 6, 7, 8), 2);
      buffer.move(1, 0);
      assertArrayEquals(new float[] {5, 6, 7, 8}, values(buffer, 0, 1));
      buffer.put(0, row(1, 1, 2), 1);
      assertArrayEquals(new float[] {1, 0, 2, 0}, values(buffer, 0, 1));
    }
  }
}
