package ai.transonnx.export.internal.expression;

import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.graph.QuantizedValues;
import ai.transonnx.graph.QuantizedValues.Layout;

/**
 * The integers of a quantized matrix in the order of a layout. Any range of them can be computed;
 * integers that fill up a block count. Not thread-safe.
 */
final class QuantizedIntegers {
  private final Layout layout;
  private final BlockQuantizer quantizer;
  private final int block;
  private final int offset;
  private final long rows;
  private final long width;
  private final long paddedWidth;

  QuantizedIntegers(QuantizedValues values, Binding binding) {
    this.layout = values.layout();
    this.quantizer = new BlockQuantizer(values.of(), values.type(), values.block(), binding);
    this.block = values.block();
    this.rows = values.of().shape().dim(0).size();
    this.width = values.of().shape().dim(1).size();
    this.paddedWidth = layout == Layout.OFFSET_BLOCKS ? (width + block - 1) / block * block : width;
    this.offset =
        switch (layout) {
          case COLUMNS, ROWS -> 0;
          case OFFSET_ROWS, OFFSET_BLOCKS -> -values.type().least();
        };
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
      quantizer.quantize(row, column / block);
      for (int i = 0; i < some; i++) {
        int integer = first + i < known ? quantizer.integer(first + i) : 0;
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
        quantizer.quantize(row + i, column / block);
        for (int line = 0; line < lines; line++) {
          into[done + line * some + i] = (byte) (quantizer.integer(first + line) + offset);
        }
      }
      done += lines * some;
    }
  }
}
