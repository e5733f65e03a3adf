package ai.transonnx.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;

/** The positions that a loop was fed, as far back as it may have to compute them again. */
final class FedPositions {
  /** Fewer positions than this are never forgotten. */
  private static final int MIN_LENGTH = 64;

  private final int reach;
  private final int width;
  private ByteBuffer[] rows;
  private int length;

  /**
   * @param reach the number of positions before the newest feed that may be needed again
   * @param width the bytes of a position
   */
  FedPositions(int batch, int reach, int width) {
    this.reach = reach;
    this.width = width;
    this.rows = Stream.generate(() -> row(MIN_LENGTH)).limit(batch).toArray(ByteBuffer[]::new);
  }

  private ByteBuffer row(int positions) {
    return ByteBuffer.allocate(positions * width).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The number of positions of each row that are still stored. */
  int length() {
    return length;
  }

  /** Appends {@code n} positions to each row. */
  void append(Positions positions, int n) {
    reserve(n);
    for (int row = 0; row < rows.length; row++) {
      positions.write(row, 0, n, rows[row].position(length * width));
    }
    length += n;
  }

  /** Removes the last {@code n} positions of each row; a negative {@code n} restores them. */
  void drop(int n) {
    length -= n;
  }

  void clear() {
    length = 0;
  }

  /** The last {@code n} positions of each row, until this changes. */
  Positions last(int n) {
    int start = length - n;
    return (row, first, count, target) ->
        target.put(rows[row].array(), (start + first) * width, count * width);
  }

  private void reserve(int n) {
    int capacity = rows[0].capacity() / width;
    if (length <= capacity - n) {
      return;
    }
    int needed = Math.addExact(length, n);
    int grown = (int) Math.min(2L * needed, (Integer.MAX_VALUE - 8) / width);
    if (grown < needed) {
      throw new MemoryLimitException(
          "%s positions of %s bytes each exceed the 2 GiB that a loop can store"
              .formatted(needed, width));
    }
    rows =
        Stream.of(rows)
            .map(old -> row(grown).put(0, old, 0, length * width))
            .toArray(ByteBuffer[]::new);
  }

  /**
   * Forgets positions out of reach, once they are half of those stored and worth the copy.
   *
   * @param last the size of the newest feed, which a rewind may undo
   */
  void forget(int last) {
    if (length >= MIN_LENGTH && length / 2 - last >= reach) {
      int kept = reach + last;
      for (var row : rows) {
        System.arraycopy(row.array(), (length - kept) * width, row.array(), 0, kept * width);
      }
      length = kept;
    }
  }

  /** The tokens of each row that are still stored. */
  long[][] tokens() {
    return Arrays.stream(rows).map(this::tokens).toArray(long[][]::new);
  }

  private long[] tokens(ByteBuffer row) {
    var tokens = new long[length];
    row.rewind().asLongBuffer().get(tokens);
    return tokens;
  }
}
