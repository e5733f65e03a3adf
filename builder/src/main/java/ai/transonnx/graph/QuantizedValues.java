package ai.transonnx.graph;

import ai.transonnx.format.ElementType;

/**
 * The integers of a quantized matrix {@code [rows, k]}: {@code [k, rows]} in the layout {@link
 * Layout#COLUMNS}, {@code [rows, k]} in {@link Layout#ROWS}, {@code [rows, bytes]} in {@link
 * Layout#OFFSET_ROWS}, and {@code [rows, blocks, bytes]} in {@link Layout#OFFSET_BLOCKS}.
 *
 * <p>Immutable; threads may share it.
 */
public record QuantizedValues(QuantizedMatrix matrix, Layout layout) implements QuantizedPart {
  public QuantizedValues {
    boolean fits =
        switch (layout) {
          case COLUMNS, OFFSET_BLOCKS -> true;
          case ROWS -> matrix.type() == QuantizedType.INT8;
          case OFFSET_ROWS -> matrix.type() == QuantizedType.INT8 || matrix.width() % 2 == 0;
        };
    if (!fits) {
      throw new GraphException(
          "%s of shape %s cannot be stored as %s in the layout %s"
              .formatted(matrix.of().describe(), matrix.of().shape(), matrix.type(), layout));
    }
  }

  @Override
  public ElementType elements() {
    return switch (layout) {
      case COLUMNS, ROWS ->
          matrix.type() == QuantizedType.INT4 ? ElementType.INT4 : ElementType.INT8;
      case OFFSET_ROWS, OFFSET_BLOCKS -> ElementType.UINT8;
    };
  }

  @Override
  public Shape shape() {
    long rows = matrix.rows();
    long width = matrix.width();
    int bits = matrix.type().bits();
    return switch (layout) {
      case COLUMNS -> Shape.of(width, rows);
      case ROWS -> Shape.of(rows, width);
      case OFFSET_ROWS -> Shape.of(rows, width * bits / Byte.SIZE);
      case OFFSET_BLOCKS ->
          Shape.of(rows, matrix.blocks(), (long) matrix.block() * bits / Byte.SIZE);
    };
  }

  @Override
  public String describe() {
    String quantized =
        "%s(%s, blocks of %s)".formatted(matrix.type(), matrix.of().describe(), matrix.block());
    return layout == Layout.COLUMNS ? "transpose(%s)".formatted(quantized) : quantized;
  }
}
