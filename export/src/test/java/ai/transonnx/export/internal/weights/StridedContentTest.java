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

  /** Counts the bytes that are read of the 40,000 that are stored. */
  private static final class Counted implements Content {
    private long bytes;

    @Override
    public ByteBuffer slice(long offset, int length) {
      bytes += length;
      return CONTENT.slice(offset, length);
    }
  }

  private static long bytesRead(Content content, Counted counted) {
    for (int from = 0; from < STORED.length; from += 4000) {
      content.slice(from, 4000);
    }
    return counted.bytes;
  }

  @Test
  void readsTheElementsOfAColumnMajorMatrixOnce() {
    var counted = new Counted();
    var sizes = new long[] {100, 100};
    var matrix = StridedContent.of(counted, 4, 0, sizes, StridedContent.columnMajor(sizes));
    assertEquals(STORED.length, bytesRead(matrix, counted));
  }

  @Test
  void readsTheElementsOfABigEndianMatrixOnce() {
    var counted = new Counted();
    var sizes = new long[] {100, 100};
    var swapped = BigEndianContent.of(counted, 4);
    var matrix = StridedContent.of(swapped, 4, 0, sizes, StridedContent.columnMajor(sizes));
    assertEquals(STORED.length, bytesRead(matrix, counted));
  }

  @Test
  void readsTheElementsOfPermutedAxesOnce() {
    var counted = new Counted();
    var tensor =
        StridedContent.of(counted, 4, 0, new long[] {10, 25, 8, 5}, new long[] {5, 50, 1250, 1});
    assertEquals(STORED.length, bytesRead(tensor, counted));
  }

  @Test
  void theTransposeOfAColumnMajorMatrixIsContiguous() {
    var sizes = new long[] {100, 50};
    var matrix = StridedContent.of(CONTENT, 4, 7, sizes, StridedContent.columnMajor(sizes));
    assertEquals(CONTENT.part(28, 20_000), StridedContent.transposed(matrix, 4, 100, 50));
  }

  @Test
  void theTransposeOfAMatrixHasItsColumnsAsRows() {
    var transposed = StridedContent.transposed(CONTENT, 4, 100, 50);
    assertEquals(CONTENT.slice(4 * (7 * 50 + 3), 4), transposed.slice(4 * (3 * 100 + 7), 4));
  }

  @Test
  void bytesThatRepeatOthersAreCounted() {
    assertEquals(36, repeated(new long[] {10, 1}, new long[] {0, 1}));
    assertEquals(4 * (8 * 10 - 17), repeated(new long[] {8, 10}, new long[] {1, 1}));
    assertEquals(0, repeated(new long[] {8, 10}, new long[] {1, 8}));
  }

  private static long repeated(long[] sizes, long[] strides) {
    return StridedContent.of(CONTENT, 4, 0, sizes, strides).repeatedBytes();
  }
}
