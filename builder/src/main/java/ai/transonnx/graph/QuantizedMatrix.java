package ai.transonnx.graph;

import java.util.Optional;

/**
 * A matrix that is quantized in blocks along its rows. An element is approximately {@code (integer
 * - zero point) * scale}, with the scale and the zero point of its block.
 *
 * <p>Immutable; threads may share it.
 *
 * @param of the matrix {@code [rows, k]}
 * @param type the integers
 * @param block the number of elements of a block; the last one of a row may have fewer
 * @param hasZeroPoints whether each block has a zero point, which is zero otherwise
 * @param factor the name of the weight, if it is multiplied with rows of the matrix's length: their
 *     second moments can be known
 */
public record QuantizedMatrix(
    WeightExpression of,
    QuantizedType type,
    int block,
    boolean hasZeroPoints,
    Optional<String> factor) {
  /**
   * Checks the matrix.
   *
   * @throws GraphException if it is no matrix
   */
  public QuantizedMatrix {
    if (of.shape().rank() != 2) {
      throw new GraphException(of.describe() + " of shape " + of.shape() + " is not a matrix");
    }
  }

  /** A matrix without zero points that is no factor of a product. */
  public static QuantizedMatrix of(WeightExpression of, QuantizedType type, int block) {
    return new QuantizedMatrix(of, type, block, false, Optional.empty());
  }

  /** This matrix with zero points. */
  public QuantizedMatrix withZeroPoints() {
    return new QuantizedMatrix(of, type, block, true, factor);
  }

  /** The number of rows. */
  public long rows() {
    return of.shape().dim(0).size();
  }

  /** The number of elements of a row. */
  public long width() {
    return of.shape().dim(1).size();
  }

  /** The number of blocks of a row. */
  public long blocks() {
    return (width() + block - 1) / block;
  }
}
