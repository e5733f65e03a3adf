package ai.transonnx.graph;

import ai.transonnx.format.ElementType;

/**
 * The zero points of a quantized matrix: {@code [blocks, rows]} in the layout {@link
 * Layout#COLUMNS}, {@code [rows, blocks]} in {@link Layout#ROWS}, and {@code [rows, bytes]} in
 * {@link Layout#OFFSET_ROWS}, where a last byte of one int4 is filled up with zero.
 *
 * <p>Immutable; threads may share it.
 */
public record BlockZeroPoints(QuantizedMatrix matrix, Layout layout) implements QuantizedPart {
  public BlockZeroPoints {
    if (!matrix.hasZeroPoints() || layout == Layout.OFFSET_BLOCKS) {
      throw new GraphException(
          "%s has no zero points in the layout %s".formatted(matrix.of().describe(), layout));
    }
  }

  @Override
  public ElementType elements() {
    return switch (layout) {
      case COLUMNS -> matrix.type() == QuantizedType.INT4 ? ElementType.INT4 : ElementType.INT8;
      case ROWS -> ElementType.INT8;
      case OFFSET_ROWS, OFFSET_BLOCKS -> ElementType.UINT8;
    };
  }

  @Override
  public Shape shape() {
    return switch (layout) {
      case COLUMNS -> Shape.of(matrix.blocks(), matrix.rows());
      case ROWS -> Shape.of(matrix.rows(), matrix.blocks());
      case OFFSET_ROWS, OFFSET_BLOCKS ->
          Shape.of(
              matrix.rows(), (matrix.blocks() * matrix.type().bits() + Byte.SIZE - 1) / Byte.SIZE);
    };
  }

  @Override
  public String describe() {
    String points =
        "zero_points(%s, %s, blocks of %s)"
            .formatted(matrix.of().describe(), matrix.type(), matrix.block());
    return layout == Layout.COLUMNS ? "transpose(%s)".formatted(points) : points;
  }
}
