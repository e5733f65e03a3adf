package ai.transonnx.runtime;

import java.nio.ByteBuffer;

/** The positions of each row that a loop feeds: tokens, or vectors. */
@FunctionalInterface
interface Positions {
  /**
   * Writes positions of one row, little endian.
   *
   * @param first the index of the first position to write
   * @param n the number of positions
   * @param target receives them from its current position on, which may be moved
   */
  void write(int row, int first, int n, ByteBuffer target);

  /** Tokens as {@code [b, n]}, row-major. */
  static Positions ofTokens(long[] tokens, int perRow) {
    return (row, first, n, target) -> target.asLongBuffer().put(tokens, row * perRow + first, n);
  }

  /** Tokens as an array for each row. */
  static Positions ofRows(long[][] rows) {
    return (row, first, n, target) -> target.asLongBuffer().put(rows[row], first, n);
  }

  /** Vectors as {@code [b, n, d]}, row-major. */
  static Positions ofVectors(float[] vectors, int perRow, int features) {
    return (row, first, n, target) ->
        target.asFloatBuffer().put(vectors, (row * perRow + first) * features, n * features);
  }
}
