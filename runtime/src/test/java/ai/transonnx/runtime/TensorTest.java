package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

final class TensorTest {
  @Test
  void valuesAreReadBack() {
    assertArrayEquals(new long[] {7, -8}, Tensor.ofLongs(new long[] {7, -8}, 1, 2).longs());
    assertArrayEquals(new float[] {1.5f}, Tensor.ofFloats(new float[] {1.5f}, 1).floats());
    assertArrayEquals(
        new boolean[] {true, false}, Tensor.ofBooleans(new boolean[] {true, false}, 2).booleans());
  }

  @Test
  void everyFloatingPointWidthIsReadAsFloats() {
    assertFloats(ElementType.FLOAT64, buffer(16).putDouble(1.5).putDouble(-2));
    assertFloats(ElementType.FLOAT32, buffer(8).putFloat(1.5f).putFloat(-2));
    assertFloats(ElementType.FLOAT16, buffer(4).putShort((short) 0x3E00).putShort((short) 0xC000));
    assertFloats(ElementType.BFLOAT16, buffer(4).putShort((short) 0x3FC0).putShort((short) 0xC000));
  }

  @Test
  void floatsBecomeAnyFloatingPointWidthRoundedToTheNearest() {
    Tensor third = Tensor.ofFloats(new float[] {1 / 3f, -2}, 2);
    assertEquals(
        buffer(16).putDouble(1 / 3f).putDouble(-2).flip(), bits(third, ElementType.FLOAT64));
    assertEquals(
        buffer(4).putShort((short) 0x3555).putShort((short) 0xC000).flip(),
        bits(third, ElementType.FLOAT16));
    assertEquals(
        buffer(4).putShort((short) 0x3EAB).putShort((short) 0xC000).flip(),
        bits(third, ElementType.BFLOAT16));
    assertSame(third, third.as(ElementType.FLOAT32));
    assertThrows(RequestException.class, () -> third.as(ElementType.INT64));
    Tensor whole = Tensor.ofLongs(new long[] {1}, 1);
    assertThrows(RequestException.class, () -> whole.as(ElementType.FLOAT16));
  }

  private static ByteBuffer bits(Tensor tensor, ElementType type) {
    return tensor.as(type).data();
  }

  @Test
  void everySignedIntegerWidthIsReadAsLongs() {
    assertLongs(ElementType.INT32, buffer(8).putInt(5).putInt(-6));
    assertLongs(ElementType.INT16, buffer(4).putShort((short) 5).putShort((short) -6));
    assertLongs(ElementType.INT8, buffer(2).put((byte) 5).put((byte) -6));
  }

  @Test
  void doublesAreReadAndConvertedWithoutRounding() {
    var wide = Tensor.ofDoubles(new double[] {0.1, -2}, 2);
    assertArrayEquals(new double[] {0.1, -2}, wide.doubles());
    assertArrayEquals(new float[] {0.1f, -2}, wide.floats());
    var single = Tensor.ofFloats(new float[] {0.1f}, 1);
    assertArrayEquals(new double[] {0.1f}, single.doubles());
    assertArrayEquals(new double[] {0.1f}, single.as(ElementType.FLOAT64).doubles());
    assertArrayEquals(new float[] {0.1f, -2}, wide.as(ElementType.FLOAT32).floats());
    assertThrows(RequestException.class, Tensor.zeros(ElementType.INT64, 1)::doubles);
  }

  @Test
  void someDoublesAreCopied() {
    var tensor = Tensor.ofFloats(new float[] {1, 2, 3}, 3);
    var two = new double[2];
    tensor.doubles(1, two);
    assertArrayEquals(new double[] {2, 3}, two);
    assertThrows(RequestException.class, () -> tensor.doubles(2, two));
    assertThrows(RequestException.class, () -> tensor.doubles(-1, two));
  }

  @Test
  void valuesOfAnotherTypeAreRejected() {
    Tensor floats = Tensor.ofFloats(new float[] {1}, 1);
    assertThrows(RequestException.class, floats::longs);
    assertThrows(RequestException.class, floats::booleans);
    assertThrows(RequestException.class, Tensor.zeros(ElementType.INT64, 1)::floats);
  }

  @Test
  void aShapeOfAnotherSizeIsRejected() {
    assertThrows(RequestException.class, () -> Tensor.ofLongs(new long[] {1, 2, 3}, 2, 2));
    assertThrows(RequestException.class, () -> Tensor.of(ElementType.INT64, buffer(9), 1));
  }

  @Test
  void anImpossibleShapeIsRejected() {
    assertThrows(RequestException.class, () -> Tensor.zeros(ElementType.INT8, -1));
    assertThrows(MemoryLimitException.class, () -> Tensor.zeros(ElementType.INT64, 1L << 40));
    assertThrows(
        RequestException.class, () -> Tensor.zeros(ElementType.INT8, 1L << 32, 1L << 32, 1L << 32));
    assertThrows(RequestException.class, () -> Tensor.zeros(ElementType.INT8, 1L << 33, 1L << 31));
  }

  @Test
  void aTensorMayBeEmptyOrAScalar() {
    assertEquals(0, Tensor.zeros(ElementType.FLOAT32, 2, 0, 1L << 40).size());
    assertEquals(1, Tensor.zeros(ElementType.FLOAT32).size());
  }

  @Test
  void theDataCannotBeWritten() {
    assertTrue(Tensor.zeros(ElementType.INT8, 1).data().isReadOnly());
  }

  private static void assertFloats(ElementType type, ByteBuffer data) {
    var tensor = Tensor.of(type, data.flip(), 2);
    assertArrayEquals(new float[] {1.5f, -2}, tensor.floats());
  }

  private static void assertLongs(ElementType type, ByteBuffer data) {
    assertArrayEquals(new long[] {5, -6}, Tensor.of(type, data.flip(), 2).longs());
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
