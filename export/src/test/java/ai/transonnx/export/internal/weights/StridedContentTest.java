package ai.transonnx.export.internal.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StridedContentTest {
  private static final byte[] STORED = new byte[40_000];
  private static final Content CONTENT =
      (offset, length) ->
          ByteBuffer.wrap(STORED).slice((int) offset, length).order(ByteOrder.LITTLE_ENDIAN);

  static {
    new Random(3).nextBytes(STORED);
  }

  /** Compares with the definition, for random shapes, strides, element sizes and slices. */
  @Test
  void matchesTheDefinition() {
    var random = new Random(17);
    for (int trial = 0; trial < 500; trial++) {
      int bytes = 1 << random.nextInt(4);
      int rank = random.nextInt(5);
      var sizes = new long[rank];
      var strides = new long[rank];
      for (int i = 0; i < rank; i++) {
        sizes[i] = 1L + random.nextInt(6);
        strides[i] = random.nextInt(3) == 0 ? 1 : random.nextInt(40);
      }
      long offset = random.nextInt(50);
      var expected = expected(bytes, offset, sizes, strides);
      var content = StridedContent.of(CONTENT, bytes, offset, sizes, strides);
      int from = random.nextInt(expected.length + 1);
      int length = random.nextInt(expected.length - from + 1);
      var actual = new byte[length];
      content.slice(from, length).get(actual);
      assertArrayEquals(Arrays.copyOfRange(expected, from, from + length), actual);
    }
  }

  private static byte[] expected(int bytes, long offset, long[] sizes, long[] strides) {
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    var expected = new byte[count * bytes];
    for (int i = 0; i < count; i++) {
      long position = offset;
      int rest = i;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        position += rest % sizes[axis] * strides[axis];
        rest /= (int) sizes[axis];
      }
      System.arraycopy(STORED, (int) position * bytes, expected, i * bytes, bytes);
    }
    return expected;
  }

  @Test
  void contiguousElementsAreAPartOfTheContent() {
    var content = StridedContent.of(CONTENT, 4, 3, new long[] {2, 1, 5}, new long[] {5, 99, 1});
    assertEquals(CONTENT.part(12, 40), content);
  }

  @Test
  void extentIsTheNumberOfElementsThatTheContentNeeds() {
    assertEquals(8, StridedContent.extent(1, new long[] {3, 2}, new long[] {1, 4}));
    assertEquals(0, StridedContent.extent(9, new long[] {3, 0}, new long[] {1, 4}));
    assertThrows(
        ArithmeticException.class,
        () -> StridedContent.extent(1, new long[] {3}, new long[] {Long.MAX_VALUE}));
  }
}
