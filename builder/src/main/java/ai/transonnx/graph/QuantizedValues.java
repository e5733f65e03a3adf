package ai.transonnx.graph;

import ai.transonnx.format.ElementType;
import java.util.List;

/**
 * The integers of a matrix that is quantized in blocks along its rows. {@link BlockScales} has the
 * scales. An integer is the element divided by the scale of its block, rounded to the nearest.
 *
 * <p>Immutable; threads may share it.
 *
 * @param of the matrix {@code [rows, k]}
 * @param type the integers
 * @param block the number of elements of a block; the last one of a row may have fewer
 * @param layout the order of the integers
 */
public record QuantizedValues(WeightExpression of, QuantizedType type, int block, Layout layout)
    implements WeightExpression {
  /** The order of the integers, and their encoding. */
  public enum Layout {
    /** Signed integers {@code [k, rows]}. */
    COLUMNS,
    /** int8 {@code [rows, k]}. */
    ROWS,
    /**
     * Integers minus the type's least, {@code [rows, k]}; of int4, two in a uint8, the first in the
     * lower bits.
     */
    OFFSET_ROWS,
    /**
     * As {@link #OFFSET_ROWS}, in {@code [rows, blocks, bytes]}; the last block of a row is filled
     * up with zeros.
     */
    OFFSET_BLOCKS
  }

  public QuantizedValues {
    BlockScales.checkMatrix(of);
    boolean fits =
        switch (layout) {
          case COLUMNS, OFFSET_BLOCKS -> true;
          case ROWS -> type == QuantizedType.INT8;
          case OFFSET_ROWS -> type == QuantizedType.INT8 || of.shape().dim(1).size() % 2 == 0;
        };
    if (!fits) {
      throw new GraphException(
          "%s of shape %s cannot be stored as %s in the layout %s"
              .formatted(of.describe(), of.shape(), type, layout));
    }
  }

  /** The element type of the result. */
  public ElementType elements() {
    return switch (layout) {
      case COLUMNS, ROWS -> type == QuantizedType.INT4 ? ElementType.INT4 : ElementType.INT8;
      case OFFSET_ROWS, OFFSET_BLOCKS -> ElementType.UINT8;
    };
  }

  @Override
  public Shape shape() {
    long rows = of.shape().dim(0).size();
    long width = of.shape().dim(1).size();
    return switch (layout) {
      case COLUMNS -> Shape.of(width, rows);
      case ROWS -> of.shape();
      case OFFSET_ROWS -> Shape.of(rows, width * type.bits() / Byte.SIZE);
      case OFFSET_BLOCKS ->
          Shape.of(rows, (width + block - 1) / block, (long) block * type.bits() / Byte.SIZE);
    };
  }

  @Override
  public List<Stored> stored() {
    return of.stored();
  }

  @Override
  public String describe() {
    String quantized = "%s(%s, blocks of %s)".formatted(type, of.describe(), block);
    return layout == Layout.COLUMNS ? "transpose(%s)".formatted(quantized) : quantized;
  }
}
