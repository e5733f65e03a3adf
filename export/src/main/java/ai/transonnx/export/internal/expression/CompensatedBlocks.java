package ai.transonnx.export.internal.expression;

import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.graph.QuantizedMatrix;

/**
 * Blocks whose columns compensate for the errors of the columns before them. All are found at once:
 * a byte for each weight, and a float32 for each block. The scale of a block is found when the
 * errors of the blocks before it are known.
 */
final class CompensatedBlocks implements QuantizedBlocks {
  /** The rows that are computed together. */
  private static final int ROWS = 64;

  private final QuantizedMatrix matrix;
  private final InputFactor factor;
  private final int width;
  private final int block;
  private final BlockQuantizer quantizer;
  private final byte[][] integers;
  private final float[][] scales;
  private final byte[][] zeroPoints;

  /** The weights of some rows, and their errors: element {@code r} of a column is that of row r. */
  private final double[] weights;

  private final double[] errors;
  private final double[][] compensated;
  private final double[] elements;
  private int row;
  private int index;

  private CompensatedBlocks(QuantizedMatrix matrix, InputFactor factor) {
    this.matrix = matrix;
    this.factor = factor;
    this.width = (int) matrix.width();
    this.block = matrix.block();
    this.quantizer = new BlockQuantizer(matrix);
    int rows = (int) matrix.rows();
    int blocks = (int) matrix.blocks();
    this.integers = new byte[rows][width];
    this.scales = new float[rows][blocks];
    this.zeroPoints = new byte[rows][matrix.hasZeroPoints() ? blocks : 0];
    this.weights = new double[width * ROWS];
    this.errors = new double[width * ROWS];
    this.compensated = new double[block][ROWS];
    this.elements = new double[block];
  }

  /**
   * Quantizes a matrix.
   *
   * @throws ai.transonnx.InputException if a weight is not finite, or too large for float32
   */
  static CompensatedBlocks of(QuantizedMatrix matrix, InputFactor factor, Binding binding) {
    var blocks = new CompensatedBlocks(matrix, factor);
    var rows = new MatrixRows(matrix.of(), binding);
    var line = new double[blocks.width];
    for (int first = 0; first < matrix.rows(); first += ROWS) {
      int count = (int) Math.min(ROWS, matrix.rows() - first);
      for (int r = 0; r < count; r++) {
        rows.read(first + r, 0, line, 0, line.length);
        for (int k = 0; k < line.length; k++) {
          blocks.weights[k * ROWS + r] = line[k];
        }
      }
      blocks.quantize(first, count);
    }
    return blocks;
  }

  private void quantize(int first, int count) {
    for (int start = 0; start < width; start += block) {
      int size = Math.min(block, width - start);
      for (int k = 0; k < size; k++) {
        compensate(start + k, start, compensated[k]);
      }
      for (int r = 0; r < count; r++) {
        quantize(first, r, start, size);
      }
    }
  }

  /** A column with the shares of the errors of the columns before the block. */
  private void compensate(int column, int start, double[] into) {
    System.arraycopy(weights, column * ROWS, into, 0, ROWS);
    for (int k = 0; k < start; k++) {
      double share = factor.share(k, column);
      int at = k * ROWS;
      for (int r = 0; r < ROWS; r++) {
        into[r] += share * errors[at + r];
      }
    }
  }

  /** Quantizes a block of a row. */
  private void quantize(int first, int r, int start, int size) {
    for (int k = 0; k < size; k++) {
      elements[k] = compensated[k][r];
    }
    quantizer.quantize(elements, 0, size);
    float scale = quantizer.scale();
    int zeroPoint = quantizer.zeroPoint();
    scales[first + r][start / block] = scale;
    if (matrix.hasZeroPoints()) {
      zeroPoints[first + r][start / block] = (byte) zeroPoint;
    }
    for (int k = 0; k < size; k++) {
      double element = elements[k];
      for (int i = 0; i < k; i++) {
        element += factor.share(start + i, start + k) * errors[(start + i) * ROWS + r];
      }
      int integer = quantizer.nearest(element);
      integers[first + r][start + k] = (byte) integer;
      int at = (start + k) * ROWS + r;
      errors[at] = weights[at] - (double) scale * (integer - zeroPoint);
    }
  }

  @Override
  public void select(long selectedRow, long selectedIndex) {
    row = (int) selectedRow;
    index = (int) selectedIndex;
  }

  @Override
  public float scale() {
    return scales[row][index];
  }

  @Override
  public int zeroPoint() {
    return matrix.hasZeroPoints() ? zeroPoints[row][index] : 0;
  }

  @Override
  public int integer(int element) {
    return integers[row][index * block + element];
  }
}
