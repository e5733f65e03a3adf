package ai.transonnx.graph;

import ai.transonnx.format.ElementType;

/**
 * The scales of a quantized matrix: {@code [blocks, rows]} in the layout {@link Layout#COLUMNS},
 * {@code [rows, blocks]} in others.
 *
 * <p>Immutable; threads may share it.
 */
public record BlockScales(QuantizedMatrix matrix, Layout layout) implements QuantizedPart {
  @Override
  public ElementType elements() {
    return ElementType.FLOAT32;
  }

  @Override
  public Shape shape() {
    return layout == Layout.COLUMNS
        ? Shape.of(matrix.blocks(), matrix.rows())
        : Shape.of(matrix.rows(), matrix.blocks());
  }

  @Override
  public String describe() {
    String scales =
        "scales(%s, %s, blocks of %s)"
            .formatted(matrix.of().describe(), matrix.type(), matrix.block());
    return layout == Layout.COLUMNS ? "transpose(%s)".formatted(scales) : scales;
  }
}
