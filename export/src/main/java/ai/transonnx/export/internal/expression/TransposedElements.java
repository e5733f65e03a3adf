package ai.transonnx.export.internal.expression;

import ai.transonnx.graph.Shape;

/** A transposed matrix. The matrix is read in tiles that fit the processor's first-level cache. */
final class TransposedElements implements Elements {
  /** The rows of a tile: a few cache lines of each row of the result. */
  private static final int TILE_HEIGHT = 32;

  private static final int TILE_WIDTH = 128;

  private final Elements matrix;
  private final long height;
  private final long width;
  private final double[] tile = new double[TILE_HEIGHT * TILE_WIDTH];

  /**
   * Transposes a matrix.
   *
   * @param shape the shape of the matrix before: [height, width]
   */
  TransposedElements(Elements matrix, Shape shape) {
    this.matrix = matrix;
    this.height = shape.dim(0).size();
    this.width = shape.dim(1).size();
  }

  @Override
  public void read(long from, double[] into, int at, int count) {
    int done = 0;
    while (done < count) {
      long column = (from + done) / height;
      long row = (from + done) % height;
      int left = count - done;
      if (row == 0 && left >= height) {
        int columns = (int) (left / height);
        block(0, (int) height, column, columns, into, at + done);
        done += columns * (int) height;
      } else {
        int rows = (int) Math.min(left, height - row);
        block(row, rows, column, 1, into, at + done);
        done += rows;
      }
    }
  }

  /** Transposes a block of the matrix: {@code [rows, columns]} becomes {@code [columns, rows]}. */
  private void block(long row, int rows, long column, int columns, double[] into, int at) {
    for (int c = 0; c < columns; c += TILE_WIDTH) {
      int tileWidth = Math.min(TILE_WIDTH, columns - c);
      for (int r = 0; r < rows; r += TILE_HEIGHT) {
        int tileHeight = Math.min(TILE_HEIGHT, rows - r);
        for (int i = 0; i < tileHeight; i++) {
          matrix.read((row + r + i) * width + column + c, tile, i * tileWidth, tileWidth);
        }
        for (int j = 0; j < tileWidth; j++) {
          int start = at + (c + j) * rows + r;
          for (int i = 0; i < tileHeight; i++) {
            into[start + i] = tile[i * tileWidth + j];
          }
        }
      }
    }
  }
}
