package ai.transonnx.export.internal.expression;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.WeightExpression;
import java.util.Arrays;

/**
 * Finds the scale of a block of weights, and the integers that give the weights when multiplied by
 * it. Not thread-safe.
 *
 * <p>The element of the largest magnitude suggests a scale: the one that makes it the integer of
 * the largest magnitude, whose sign a scale of either sign reaches. Shares of this scale are
 * candidates, since many small elements gain if a large one is cut off. For the integers of a
 * candidate, the scale of least squared error is their projection on the weights. The best of all
 * is used, rounded to float32 before its error is measured.
 */
final class BlockQuantizer {
  private static final int CANDIDATES = 10;

  /** Blocks without larger elements are zero: float32 may have no scale for them. */
  private static final double NEGLIGIBLE = (double) Float.MIN_NORMAL * -QuantizedType.INT8.least();

  private final WeightExpression weights;
  private final Binding binding;
  private final Elements rows;
  private final long width;
  private final int block;
  private final double least;
  private final double most;
  private final double firstShare;
  private final double shareStep;
  private final double[] elements;
  private final double[] integers;
  private final double[] best;

  /**
   * A quantizer of the rows of a matrix.
   *
   * @param weights the matrix {@code [rows, k]}
   */
  BlockQuantizer(WeightExpression weights, QuantizedType type, int block, Binding binding) {
    this.weights = weights;
    this.binding = binding;
    this.rows = Elements.of(weights, binding);
    this.width = weights.shape().dim(1).size();
    this.block = block;
    this.least = type.least();
    this.most = type.most();
    // Cutting off pays less, the finer the integers are.
    this.firstShare = type == QuantizedType.INT4 ? 0.7 : 0.97;
    this.shareStep = (1.02 - firstShare) / (CANDIDATES - 1);
    this.elements = new double[block];
    this.integers = new double[block];
    this.best = new double[block];
  }

  /**
   * Quantizes a block. {@link #integer} returns its integers.
   *
   * @return the scale
   * @throws InputException if a weight is not finite, or too large for float32
   */
  float quantize(long row, long index) {
    long start = index * block;
    int count = (int) Math.min(block, width - start);
    rows.read(row * width + start, elements, 0, count);
    double largest = largest(count);
    if (Math.abs(largest) < NEGLIGIBLE) {
      Arrays.fill(best, 0, count, 0);
      return 1;
    }
    double leastError = Double.POSITIVE_INFINITY;
    float scale = 0;
    for (int i = 0; i < CANDIDATES; i++) {
      float refined = (float) projection(largest / least * (firstShare + i * shareStep), count);
      double error = round(refined, count);
      if (error < leastError) {
        leastError = error;
        scale = refined;
        System.arraycopy(integers, 0, best, 0, count);
      }
    }
    return scale;
  }

  /** An integer of the last block that was quantized. */
  int integer(int index) {
    return (int) best[index];
  }

  private double largest(int count) {
    double largest = 0;
    for (int i = 0; i < count; i++) {
      double element = elements[i];
      if (!(Math.abs(element) <= Float.MAX_VALUE)) {
        throw binding
            .file()
            .error(
                "'%s' has the value %s, which cannot be quantized; keep it as it is (--quantize-keep)"
                    .formatted(weights.describe(), element));
      }
      largest = Math.abs(element) > Math.abs(largest) ? element : largest;
    }
    return largest;
  }

  /** The scale of least squared error for the integers that another scale gives. */
  private double projection(double scale, int count) {
    double product = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double integer = Math.min(most, Math.max(least, Math.rint(elements[i] / scale)));
      product += integer * elements[i];
      squares += integer * integer;
    }
    return product / squares;
  }

  /** Rounds to the integers of a scale, and returns the squared error. */
  private double round(float scale, int count) {
    double error = 0;
    for (int i = 0; i < count; i++) {
      double integer = Math.min(most, Math.max(least, Math.rint(elements[i] / scale)));
      double difference = elements[i] - integer * scale;
      integers[i] = integer;
      error += difference * difference;
    }
    return error;
  }
}
