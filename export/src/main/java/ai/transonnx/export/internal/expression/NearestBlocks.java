package ai.transonnx.export.internal.expression;

import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.graph.QuantizedMatrix;

/** Blocks that are as near to their weights as possible, each found when it is selected. */
final class NearestBlocks implements QuantizedBlocks {
  private final MatrixRows rows;
  private final BlockQuantizer quantizer;
  private final long width;
  private final int block;
  private final double[] elements;

  NearestBlocks(QuantizedMatrix matrix, Binding binding) {
    this.rows = new MatrixRows(matrix.of(), binding);
    this.quantizer = new BlockQuantizer(matrix);
    this.width = matrix.width();
    this.block = matrix.block();
    this.elements = new double[block];
  }

  @Override
  public void select(long row, long index) {
    long start = index * block;
    int count = (int) Math.min(block, width - start);
    rows.read(row, start, elements, 0, count);
    quantizer.quantize(elements, 0, count);
  }

  @Override
  public float scale() {
    return quantizer.scale();
  }

  @Override
  public int zeroPoint() {
    return quantizer.zeroPoint();
  }

  @Override
  public int integer(int index) {
    return quantizer.integer(index);
  }
}
