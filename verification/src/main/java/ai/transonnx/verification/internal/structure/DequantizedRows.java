package ai.transonnx.verification.internal.structure;

import ai.transonnx.export.weights.Content;
import ai.transonnx.graph.QuantizedMatrix;
import ai.transonnx.graph.QuantizedPart;
import ai.transonnx.graph.QuantizedPart.Layout;
import ai.transonnx.graph.QuantizedType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Optional;

/**
 * The rows {@code [rows, k]} of a quantized matrix in float64, computed from the parts in a file.
 * Products of integers and scales are exact. Threads may share it.
 *
 * @param zeroPoints empty if they are zero
 */
record DequantizedRows(Part integers, Part scales, Optional<Part> zeroPoints) implements Content {
  /**
   * A part with its elements in a file.
   *
   * @param part the matrix, and the layout of the elements
   */
  record Part(QuantizedPart part, ByteBuffer elements) {
    private static final int NIBBLE_BITS = 4;

    /**
     * The number of an element in the part.
     *
     * @param width the number of elements of a row, as they are stored
     */
    private long index(long row, long column, long width) {
      return part.layout() == Layout.COLUMNS
          ? column * part.matrix().rows() + row
          : row * width + column;
    }

    /** A scale. */
    private float number(long row, long column, long width) {
      return elements.getFloat((int) (index(row, column, width) * Float.BYTES));
    }

    /** An integer of 4 or 8 bits, as its type represents it. */
    private int integer(long row, long column, long width) {
      boolean isOffset =
          part.layout() == Layout.OFFSET_ROWS || part.layout() == Layout.OFFSET_BLOCKS;
      int offset = isOffset ? part.matrix().type().least() : 0;
      boolean isInPairs =
          part.matrix().type() == QuantizedType.INT4 && part.layout() != Layout.ROWS;
      if (!isInPairs) {
        byte stored = elements.get((int) index(row, column, width));
        return isOffset ? Byte.toUnsignedInt(stored) + offset : stored;
      }
      boolean isFilledUp = isOffset && width % 2 != 0;
      long index = index(row, column, isFilledUp ? width + 1 : width);
      int bits = elements.get((int) (index / 2)) >> (index % 2 * NIBBLE_BITS) & 0xF;
      int unused = Integer.SIZE - NIBBLE_BITS;
      return isOffset ? bits + offset : bits << unused >> unused;
    }
  }

  @Override
  public ByteBuffer slice(long offset, int length) {
    Objects.checkFromIndexSize(offset, length, matrix().of().shape().elements() * Double.BYTES);
    long first = offset / Double.BYTES;
    long end = (offset + length + Double.BYTES - 1) / Double.BYTES;
    int size = Math.toIntExact((end - first) * Double.BYTES);
    var elements = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = first; i < end; i++) {
      elements.putDouble(element(i / matrix().width(), i % matrix().width()));
    }
    int skipped = (int) (offset - first * Double.BYTES);
    return elements.slice(skipped, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private QuantizedMatrix matrix() {
    return integers.part().matrix();
  }

  private double element(long row, long column) {
    var matrix = matrix();
    long blocks = matrix.blocks();
    long block = column / matrix.block();
    boolean isPadded = integers.part().layout() == Layout.OFFSET_BLOCKS;
    long width = isPadded ? blocks * matrix.block() : matrix.width();
    int zero = zeroPoints.map(points -> points.integer(row, block, blocks)).orElse(0);
    double centered = integers.integer(row, column, width) - zero;
    return centered * scales.number(row, block, blocks);
  }
}
