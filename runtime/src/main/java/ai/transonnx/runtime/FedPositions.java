package ai.transonnx.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The positions that a loop was fed, which are tokens, vectors, or tokens with numbers: those that
 * it has yet to compute, and those that it may have to compute again.
 */
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

  /** Appends tokens, {@code [b, n]}, row-major. */
  void append(long[] tokens) {
    int n = tokens.length / rows.length;
    reserve(n);
    for (int row = 0; row < rows.length; row++) {
      end(row).asLongBuffer().put(tokens, row * n, n);
    }
    length += n;
  }

  /** Appends tokens, an array of equal length for each row. */
  void append(long[][] tokens) {
    int n = tokens[0].length;
    reserve(n);
    for (int row = 0; row < rows.length; row++) {
      end(row).asLongBuffer().put(tokens[row]);
    }
    length += n;
  }

  /** Appends vectors of float32, {@code [b, n, d]}, row-major. */
  void append(float[] vectors) {
    int floats = vectors.length / rows.length;
    int n = floats * Float.BYTES / width;
    reserve(n);
    for (int row = 0; row < rows.length; row++) {
      end(row).asFloatBuffer().put(vectors, row * floats, floats);
    }
    length += n;
  }

  /** Appends vectors of float64, {@code [b, n, d]}, row-major. */
  void append(double[] vectors) {
    int doubles = vectors.length / rows.length;
    int n = doubles * Double.BYTES / width;
    reserve(n);
    for (int row = 0; row < rows.length; row++) {
      end(row).asDoubleBuffer().put(vectors, row * doubles, doubles);
    }
    length += n;
  }

  /** Appends tokens with numbers, an array of equal length for each row. */
  void append(long[][] tokens, double[][] numbers) {
    int n = tokens[0].length;
    reserve(n);
    for (int row = 0; row < rows.length; row++) {
      var end = end(row);
      for (int i = 0; i < n; i++) {
        end.putLong(tokens[row][i]);
        if (width == Long.BYTES + Double.BYTES) {
          end.putDouble(numbers[row][i]);
        } else {
          end.putFloat((float) numbers[row][i]);
        }
      }
    }
    length += n;
  }

  private ByteBuffer end(int row) {
    return rows[row].position(length * width);
  }

  /** Replaces all positions with rows of {@code other}: row {@code i} with {@code rows[i]}. */
  void select(FedPositions other, int... selected) {
    length = 0;
    reserve(other.length);
    for (int row = 0; row < rows.length; row++) {
      rows[row].put(0, other.rows[selected[row]], 0, other.length * width);
    }
    length = other.length;
  }

  /** Removes the last {@code n} positions of each row; a negative {@code n} restores them. */
  void drop(int n) {
    length -= n;
  }

  void clear() {
    length = 0;
  }

  /**
   * Writes {@code n} stored positions of a row, from index {@code first} on.
   *
   * @param offset where the written bytes of each position begin
   * @param target receives as many bytes of each position as it has room for
   */
  void write(int row, int first, int n, int offset, ByteBuffer target) {
    int bytes = target.remaining() / n;
    if (bytes == width) {
      target.put(rows[row].array(), first * width, n * width);
      return;
    }
    for (int i = first; i < first + n; i++) {
      target.put(rows[row].array(), i * width + offset, bytes);
    }
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
        row.put(0, row, (length - kept) * width, kept * width);
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
