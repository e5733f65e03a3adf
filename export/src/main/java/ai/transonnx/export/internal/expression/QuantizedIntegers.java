package ai.transonnx.export.internal.expression;

import ai.transonnx.graph.BlockZeroPoints;
import ai.transonnx.graph.QuantizedMatrix;
import ai.transonnx.graph.QuantizedPart.Layout;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.QuantizedValues;
import java.util.function.IntUnaryOperator;

/**
 * The integers of a quantized matrix, or its zero points, in the order of a layout. Any range of
 * them can be computed; integers that fill up a block or a byte count. Not thread-safe.
 */
final class QuantizedIntegers {
  private final Layout layout;
  private final QuantizedBlocks blocks;
  private final IntUnaryOperator integers;
  private final int block;
  private final int offset;
  private final long rows;
  private final long width;
  private final long paddedWidth;

  /**
   * Integers.
   *
   * @param integers those of the current block, by their index in it
   */
  private QuantizedIntegers(
      QuantizedMatrix matrix,
      Layout layout,
      QuantizedBlocks blocks,
      IntUnaryOperator integers,
      int block,
      long width,
      long padded) {
    this.layout = layout;
    this.blocks = blocks;
    this.integers = integers;
    this.block = block;
    this.rows = matrix.rows();
    this.width = width;
    this.paddedWidth = padded;
    this.offset =
        switch (layout) {
          case COLUMNS, ROWS -> 0;
          case OFFSET_ROWS, OFFSET_BLOCKS -> -matrix.type().least();
        };
  }

  /** The integers of a matrix. */
  static QuantizedIntegers of(QuantizedValues values, QuantizedBlocks blocks) {
    var matrix = values.matrix();
    long width = matrix.width();
    boolean isPadded = values.layout() == Layout.OFFSET_BLOCKS;
    return new QuantizedIntegers(
        matrix,
        values.layout(),
        blocks,
        blocks::integer,
        matrix.block(),
        width,
        isPadded ? matrix.blocks() * matrix.block() : width);
  }

  /** The zero points of a matrix: a matrix with a column for each block. */
  static QuantizedIntegers of(BlockZeroPoints points, QuantizedBlocks blocks) {
    var matrix = points.matrix();
    long width = matrix.blocks();
    boolean isPacked = points.layout() == Layout.OFFSET_ROWS && matrix.type() == QuantizedType.INT4;
    return new QuantizedIntegers(
        matrix,
        points.layout(),
        blocks,
        index -> blocks.zeroPoint(),
        1,
        width,
        isPacked ? width + width % 2 : width);
  }

  /** The number of integers. */
  long count() {
    return Math.multiplyExact(rows, paddedWidth);
  }

  /** Computes integers {@code from} (inclusive) to {@code from + count} (exclusive). */
  void read(long from, int count, byte[] into) {
    if (layout == Layout.COLUMNS) {
      readColumns(from, count, into);
    } else {
      readRows(from, count, into);
    }
  }

  private void readRows(long from, int count, byte[] into) {
    for (int done = 0; done < count; ) {
      long row = (from + done) / paddedWidth;
      long column = (from + done) % paddedWidth;
      int first = (int) (column % block);
      int end = (int) Math.min(block, paddedWidth - (column - first));
      int some = Math.min(count - done, end - first);
      int known = (int) Math.min(end, width - (column - first));
      if (known > 0) {
        blocks.select(row, column / block);
      }
      for (int i = 0; i < some; i++) {
        int integer = first + i < known ? integers.applyAsInt(first + i) : 0;
        into[done + i] = (byte) (integer + offset);
      }
      done += some;
    }
  }

  /** Whole lines of integers are read together as far as their blocks reach. */
  private void readColumns(long from, int count, byte[] into) {
    for (int done = 0; done < count; ) {
      long column = (from + done) / rows;
      long row = (from + done) % rows;
      int left = count - done;
      int first = (int) (column % block);
      boolean isWhole = row == 0 && left >= rows;
      int lines =
          isWhole ? (int) Math.min(left / rows, Math.min(block - first, width - column)) : 1;
      int some = (int) Math.min(left, rows - row);
      for (int i = 0; i < some; i++) {
        blocks.select(row + i, column / block);
        for (int line = 0; line < lines; line++) {
          into[done + line * some + i] = (byte) (integers.applyAsInt(first + line) + offset);
        }
      }
      done += lines * some;
    }
  }
}
