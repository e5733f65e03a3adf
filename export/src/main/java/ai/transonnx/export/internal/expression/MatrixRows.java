package ai.transonnx.export.internal.expression;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.graph.WeightExpression;

/** Reads the rows of a matrix that is quantized. Not thread-safe. */
final class MatrixRows {
  private final WeightExpression weights;
  private final Binding binding;
  private final Elements rows;
  private final long width;

  MatrixRows(WeightExpression weights, Binding binding) {
    this.weights = weights;
    this.binding = binding;
    this.rows = Elements.of(weights, binding);
    this.width = weights.shape().dim(1).size();
  }

  /**
   * Reads elements of a row.
   *
   * @param start the first element of the row to read
   * @throws InputException if an element is not finite, or too large for float32
   */
  void read(long row, long start, double[] into, int at, int count) {
    rows.read(row * width + start, into, at, count);
    for (int i = at; i < at + count; i++) {
      if (!(Math.abs(into[i]) <= Float.MAX_VALUE)) {
        throw binding
            .file()
            .error(
                "'%s' has the value %s, which cannot be quantized; keep it as it is (--quantize-keep)"
                    .formatted(weights.describe(), into[i]));
      }
    }
  }
}
