package ai.transonnx.verification.internal.twin;

import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX Runtime's attention in float64, compared with its kernels for float32. */
class RuntimeAttentionExpansionTest {
  @TempDir private Path folder;

  private static Tensor int32(int value, long... shape) {
    var data = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
    return Tensor.of(ElementType.INT32, data.putInt(0, value), shape);
  }

  /** Five positions of a sequence. */
  private static OperatorModel grouped(int heads, int keyHeads) {
    return new OperatorModel(17)
        .input("x", OperatorModel.numbers(1, 1, 5, 8L * (heads + 2 * keyHeads)))
        .weight("last", int32(4, 1))
        .weight("count", int32(5))
        .add(
            "com.microsoft.GroupQueryAttention",
            List.of("x", "", "", "", "", "last", "count"),
            List.of("y", "keys", "values"),
            List.of(
                Attributes.integer("num_heads", heads),
                Attributes.integer("kv_num_heads", keyHeads),
                Attributes.number("scale", 0.7f)))
        .output("y", "keys", "values");
  }

  @ParameterizedTest
  @CsvSource({"4,4", "4,2", "4,1"})
  void groupsOfHeadsShareKeys(int heads, int keyHeads) {
    grouped(heads, keyHeads).assertTwinIsClose(folder, "y", "keys", "values");
  }

  /** Two positions after three or five, in buffers of eight slots. */
  @ParameterizedTest
  @CsvSource({"4,4", "4,2", "4,1"})
  void keysOfEarlierPositionsHaveTheirSlots(int heads, int keyHeads) {
    cached(heads, keyHeads, 2, 8, int32(6, 1), 7).assertTwinIsClose(folder, "y", "keys", "values");
  }

  @Test
  void rowsAreAtPositionsOfTheirOwn() {
    var last = ByteBuffer.allocateDirect(2 * Integer.BYTES).order(ByteOrder.nativeOrder());
    last.putInt(0, 6).putInt(Integer.BYTES, 3);
    cached(4, 4, 1, 8, Tensor.of(ElementType.INT32, last, 2), 7).assertTwinIsClose(folder, "y");
  }

  @Test
  void smallBuffersGrow() {
    cached(4, 4, 2, 3, int32(4, 1), 5).assertTwinIsClose(folder, "y", "keys", "values");
  }

  private static OperatorModel cached(
      int heads, int keyHeads, long count, long slots, Tensor last, int total) {
    long rows = last.shape()[0];
    return new OperatorModel(17)
        .input("x", OperatorModel.numbers(1, rows, count, 8L * (heads + 2 * keyHeads)))
        .input("k", OperatorModel.numbers(2, rows, keyHeads, slots, 8))
        .input("v", OperatorModel.numbers(3, rows, keyHeads, slots, 8))
        .weight("last", last)
        .weight("count", int32(total))
        .add(
            "com.microsoft.GroupQueryAttention",
            List.of("x", "", "", "k", "v", "last", "count"),
            List.of("y", "keys", "values"),
            List.of(
                Attributes.integer("num_heads", heads),
                Attributes.integer("kv_num_heads", keyHeads),
                Attributes.number("scale", 0.7f)))
        .output("y", "keys", "values");
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void keysHaveTheirHeadsBehindOrFirst(boolean areFirst) {
    var model = new OperatorModel(17).input("q", OperatorModel.numbers(1, 2, 5, 24));
    if (areFirst) {
      model.input("k", OperatorModel.numbers(1, 2, 3, 7, 8));
      model.input("v", OperatorModel.numbers(2, 2, 3, 7, 8));
    } else {
      model.input("k", OperatorModel.numbers(1, 2, 7, 24));
      model.input("v", OperatorModel.numbers(2, 2, 7, 24));
    }
    model
        .add(
            "com.microsoft.MultiHeadAttention",
            List.of("q", "k", "v"),
            List.of("y"),
            List.of(Attributes.integer("num_heads", 3)))
        .output("y")
        .assertTwinIsClose(folder, "y");
  }

  @Test
  void rotationsAreNotSupported() {
    var model =
        grouped(4, 2)
            .add(
                "com.microsoft.GroupQueryAttention",
                List.of("x", "", "", "", "", "last", "count"),
                List.of("z"),
                List.of(
                    Attributes.integer("num_heads", 4),
                    Attributes.integer("kv_num_heads", 2),
                    Attributes.integer("do_rotary", 1)))
            .build();
    assertThrows(NoTwinException.class, () -> FloatTwin.of(model));
  }
}
