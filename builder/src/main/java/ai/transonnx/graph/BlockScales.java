package ai.transonnx.graph;

import ai.transonnx.format.Dim;
import java.util.List;

/**
 * The scales of a matrix that is quantized in blocks along its rows, {@code [rows, blocks]}; {@link
 * QuantizedValues} has the integers.
 *
 * <p>Immutable; threads may share it.
 *
 * @param of the matrix {@code [rows, k]}
 * @param type the integers
 * @param block the number of elements of a block; the last one of a row may have fewer
 */
public record BlockScales(WeightExpression of, QuantizedType type, int block)
    implements WeightExpression {
  public BlockScales {
    checkMatrix(of);
  }

  static void checkMatrix(WeightExpression of) {
    if (of.shape().rank() != 2) {
      throw new GraphException(of.describe() + " of shape " + of.shape() + " is not a matrix");
    }
  }

  @Override
  public Shape shape() {
    return of.shape().withLast(Dim.of((of.shape().last().size() + block - 1) / block));
  }

  @Override
  public List<Stored> stored() {
    return of.stored();
  }

  @Override
  public String describe() {
    return "scales(%s, %s, blocks of %s)".formatted(of.describe(), type, block);
  }
}
