package ai.transonnx.runtime;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;

/** What a loop has been fed, as far back as it may need it again. */
final class SequenceHistory {
  /** As many positions are never too many. */
  private static final int LEAST = 64;

  private final int reach;
  private final int width;
  private byte[][] rows;
  private int length;

  /**
   * @param reach how many positions before the newest ones may be asked for again
   * @param width the bytes of a position
   */
  SequenceHistory(int batch, int reach, int width) {
    this.reach = reach;
    this.width = width;
    this.rows = new byte[batch][LEAST * width];
  }

  /** The number of positions of each row that are still here. */
  int length() {
    return length;
  }

  /** Appends {@code n} positions to each row; {@code positions} is [b, n], row-major. */
  void append(ByteBuffer positions, int n) {
    reserve(n);
    for (int row = 0; row < rows.length; row++) {
      positions.get(row * n * width, rows[row], length * width, n * width);
    }
    length += n;
  }

  /** Forgets the {@code n} positions of each row that were appended last. */
  void drop(int n) {
    length -= n;
  }

  void clear() {
    length = 0;
  }

  /**
   * Writes {@code n} positions of each row to {@code into}: [b, n], row-major.
   *
   * @param behind how many positions follow them
   */
  void copy(int n, int behind, ByteBuffer into) {
    int first = (length - behind - n) * width;
    for (int row = 0; row < rows.length; row++) {
      into.put(row * n * width, rows[row], first, n * width);
    }
  }

  private void reserve(int n) {
    int capacity = rows[0].length / width;
    if (length <= capacity - n) {
      return;
    }
    int needed = Math.addExact(length, n);
    int grown = (int) Math.min(2L * needed, (Integer.MAX_VALUE - 8) / width);
    if (grown < needed) {
      throw new MemoryLimitException(
          "%s positions of %s bytes are more than a loop can hold".formatted(needed, width));
    }
    rows = Stream.of(rows).map(row -> Arrays.copyOf(row, grown * width)).toArray(byte[][]::new);
  }

  /**
   * Forgets what is out of reach, once that is half of what is here and worth moving the rest.
   *
   * @param last the newest positions, which may be gone back behind
   */
  void forget(int last) {
    if (length >= LEAST && length / 2 - last >= reach) {
      int kept = reach + last;
      for (byte[] row : rows) {
        System.arraycopy(row, (length - kept) * width, row, 0, kept * width);
      }
      length = kept;
    }
  }

  /** The positions of each row that are still here. */
  Stream<ByteBuffer> rows() {
    return Stream.of(rows).map(row -> ByteBuffer.wrap(row, 0, length * width));
  }
}
