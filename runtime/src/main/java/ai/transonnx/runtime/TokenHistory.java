package ai.transonnx.runtime;

import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The tokens that a loop has been fed, as far back as it may need them again. */
final class TokenHistory {
  private final int reach;
  private final long[][] rows;
  private int length;

  /**
   * @param reach how many tokens before the newest ones may be asked for again
   */
  TokenHistory(int batch, int reach) {
    this.reach = reach;
    this.rows = new long[batch][64];
  }

  /** A history of these tokens, {@code [b, n]}. */
  static TokenHistory of(long[][] tokens, int reach) {
    var history = new TokenHistory(tokens.length, reach);
    int n = tokens[0].length;
    history.append(Stream.of(tokens).flatMapToLong(LongStream::of).toArray(), n);
    return history;
  }

  /** The tokens that are still here, {@code [b, n]}. */
  long[][] copy() {
    return Stream.of(rows).map(row -> Arrays.copyOf(row, length)).toArray(long[][]::new);
  }

  /** The number of tokens of each row that are still here. */
  int length() {
    return length;
  }

  /** Appends {@code n} tokens to each row; {@code tokens} is [b, n], row-major. */
  void append(long[] tokens, int n) {
    reserve(n);
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(tokens, row * n, rows[row], length, n);
    }
    length += n;
  }

  /** Forgets the {@code n} tokens of each row that were appended last. */
  void drop(int n) {
    length -= n;
  }

  void clear() {
    length = 0;
  }

  /** Writes the last {@code n} tokens of each row to {@code into}: [b, n], row-major. */
  void copyLast(int n, LongBuffer into) {
    for (int row = 0; row < rows.length; row++) {
      into.put(row * n, rows[row], length - n, n);
    }
  }

  private void reserve(int n) {
    int capacity = rows[0].length;
    if (length <= capacity - n) {
      return;
    }
    // Half of what is here must be out of reach before it is worth moving the rest.
    if (length / 2 >= reach) {
      for (long[] row : rows) {
        System.arraycopy(row, length - reach, row, 0, reach);
      }
      length = reach;
    }
    int needed = Math.addExact(length, n);
    if (needed > capacity) {
      for (int row = 0; row < rows.length; row++) {
        rows[row] = Arrays.copyOf(rows[row], (int) Math.min(2L * needed, Integer.MAX_VALUE - 8));
      }
    }
  }
}
