package ai.transonnx.export.internal.expression;

import java.util.Optional;

/**
 * How the error of one column of a matrix is compensated by others. The second moments {@code H} of
 * the inputs are factored as {@code (U + I) * D * transpose(U + I)}, with {@code U} strictly upper
 * triangular and {@code D} diagonal. Column {@code k} is rounded after the errors {@code E} of the
 * columns before it, times column {@code k} of {@code U}, have been added to it: that is GPTQ's
 * rounding without its inverse (Chee et al., "QuIP: 2-Bit Quantization of Large Language Models
 * With Guarantees", 2023, theorem 6).
 */
final class InputFactor {
  /** The share of the mean moment that is added to all, for inputs that hardly vary. */
  private static final double DAMPING = 0.03;

  /** The rows that are eliminated before the others are updated, so that these are read once. */
  private static final int PANEL = 32;

  private final double[] rows;
  private final int size;

  private InputFactor(double[] rows, int size) {
    this.rows = rows;
    this.size = size;
  }

  /**
   * Factors moments.
   *
   * @param moments the symmetric matrix {@code [size, size]}, which is overwritten
   * @return empty if all moments are zero, or one is not finite
   */
  static Optional<InputFactor> of(double[] moments, int size) {
    double trace = 0;
    for (int i = 0; i < size; i++) {
      trace += moments[i * size + i];
    }
    double damping = DAMPING * trace / size;
    if (!(damping > 0) || Double.isInfinite(damping)) {
      return Optional.empty();
    }
    for (int i = 0; i < size; i++) {
      moments[i * size + i] += damping;
    }
    var factor = new InputFactor(moments, size);
    for (int end = size; end > 0; end -= PANEL) {
      factor.eliminate(Math.max(0, end - PANEL), end, damping);
    }
    return Optional.of(factor);
  }

  /** Eliminates the last rows that are left. Only the lower triangle is read and written. */
  private void eliminate(int start, int end, double damping) {
    var eliminated = new double[end - start][];
    var pivots = new double[end - start];
    for (int j = end - 1; j >= start; j--) {
      var row = new double[j + 1];
      System.arraycopy(rows, j * size, row, 0, j + 1);
      eliminated[j - start] = row;
      // A pivot is at least the damping, except for roundings.
      pivots[j - start] = Math.max(row[j], damping / 2);
      for (int i = start; i < j; i++) {
        subtract(i, row[i] / pivots[j - start], row);
      }
    }
    for (int i = 0; i < start; i++) {
      for (int j = end - 1; j >= start; j--) {
        var row = eliminated[j - start];
        subtract(i, row[i] / pivots[j - start], row);
      }
    }
    for (int j = start; j < end; j++) {
      for (int i = 0; i < j; i++) {
        rows[j * size + i] = eliminated[j - start][i] / pivots[j - start];
      }
    }
  }

  private void subtract(int row, double factor, double[] other) {
    int at = row * size;
    for (int i = 0; i <= row; i++) {
      rows[at + i] -= factor * other[i];
    }
  }

  /** The share of the error of a column that is added to a later one. */
  double share(int column, int later) {
    return rows[later * size + column];
  }
}
