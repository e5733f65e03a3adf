package ai.transonnx.export.internal.expression;

import ai.transonnx.graph.QuantizedMatrix;
import ai.transonnx.graph.QuantizedType;
import java.util.Arrays;

/**
 * Finds the scale of a block of weights, its zero point if it has one, and the integers that give
 * the weights. Not thread-safe.
 *
 * <p>The element of the largest magnitude suggests a scale: the one that makes it the integer of
 * the largest magnitude, whose sign a scale of either sign reaches. Shares of this scale are
 * candidates, since many small elements gain if a large one is cut off. For the integers of a
 * candidate, the scale of least squared error is their projection on the weights. The best of all
 * is used, rounded to float32 before its error is measured.
 *
 * <p>With a zero point, the range of the elements suggests further candidates. Their scale and zero
 * point are first refined together, by linear regression of the weights on the integers.
 */
final class BlockQuantizer {
  private static final int CANDIDATES = 10;

  /** Blocks without larger elements are zero: float32 may have no scale for them. */
  private static final double NEGLIGIBLE = (double) Float.MIN_NORMAL * -QuantizedType.INT8.least();

  /** The largest share of the scale that reaches all elements. */
  private static final double LAST_SHARE = 1.02;

  private final double least;
  private final double most;
  private final boolean hasZeroPoints;
  private final double firstShare;
  private final double firstShareOfRange;
  private final double[] integers;
  private final double[] best;
  private double[] elements = new double[0];
  private int at;
  private int count;
  private double leastError;
  private float scale;
  private double zeroPoint;

  /** A quantizer of the blocks of a matrix. */
  BlockQuantizer(QuantizedMatrix matrix) {
    this.least = matrix.type().least();
    this.most = matrix.type().most();
    this.hasZeroPoints = matrix.hasZeroPoints();
    // Cutting off pays less, the finer the integers are.
    boolean isCoarse = matrix.type() == QuantizedType.INT4;
    this.firstShare = isCoarse ? 0.7 : 0.97;
    this.firstShareOfRange = isCoarse ? 0.76 : 0.97;
    this.integers = new double[matrix.block()];
    this.best = new double[matrix.block()];
  }

  /** Quantizes a block: {@code size} elements from index {@code from} on. */
  void quantize(double[] block, int from, int size) {
    elements = block;
    at = from;
    count = size;
    leastError = Double.POSITIVE_INFINITY;
    double largest = largest();
    if (Math.abs(largest) < NEGLIGIBLE) {
      scale = 1;
      zeroPoint = 0;
      Arrays.fill(best, 0, count, 0);
      return;
    }
    for (int i = 0; i < CANDIDATES; i++) {
      round(largest / least * share(firstShare, i), 0);
      keepBetter(0);
    }
    if (hasZeroPoints) {
      addRanges();
    }
  }

  /** The scale of the last block. */
  float scale() {
    return scale;
  }

  /** The zero point of the last block. */
  int zeroPoint() {
    return (int) zeroPoint;
  }

  /** An integer of the last block. */
  int integer(int index) {
    return (int) best[index];
  }

  /** The integer of an element in the last block's scale. */
  int nearest(double element) {
    return (int) bounded(Math.rint(element / scale) + zeroPoint);
  }

  private static double share(double first, int candidate) {
    return first + candidate * (LAST_SHARE - first) / (CANDIDATES - 1);
  }

  private double largest() {
    double largest = 0;
    for (int i = 0; i < count; i++) {
      double element = elements[at + i];
      largest = Math.abs(element) > Math.abs(largest) ? element : largest;
    }
    return largest;
  }

  /** Candidates that reach a share of the range of the elements, which includes zero. */
  private void addRanges() {
    double low = 0;
    double high = 0;
    for (int i = 0; i < count; i++) {
      low = Math.min(low, elements[at + i]);
      high = Math.max(high, elements[at + i]);
    }
    double middle = low / 2 + high / 2;
    for (int i = 0; i < CANDIDATES; i++) {
      double step = (high - low) / (most - least) * share(firstShareOfRange, i);
      round(step, bounded(Math.rint((least + most) / 2 - middle / step)));
      keepBetter(regression(step));
    }
  }

  /**
   * Rounds to the integers of the scale and the zero point that fit the present integers best.
   *
   * @param step the scale of the present integers
   * @return the zero point
   */
  private double regression(double step) {
    double integer = 0;
    double element = 0;
    for (int i = 0; i < count; i++) {
      integer += integers[i] / count;
      element += elements[at + i] / count;
    }
    double products = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      products += (integers[i] - integer) * (elements[at + i] - element);
      squares += (integers[i] - integer) * (integers[i] - integer);
    }
    // Equal integers have no slope.
    double slope = squares == 0 ? step : products / squares;
    double zero = bounded(Math.rint(integer - element / slope));
    round(slope, zero);
    return zero;
  }

  /** Keeps the present integers with their best scale if no candidate before had less error. */
  private void keepBetter(double zero) {
    double product = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double integer = integers[i] - zero;
      product += integer * elements[at + i];
      squares += integer * integer;
    }
    float refined = (float) (product / squares);
    round(refined, zero);
    double error = 0;
    for (int i = 0; i < count; i++) {
      double difference = elements[at + i] - (integers[i] - zero) * refined;
      error += difference * difference;
    }
    if (error < leastError) {
      leastError = error;
      scale = refined;
      zeroPoint = zero;
      System.arraycopy(integers, 0, best, 0, count);
    }
  }

  private void round(double step, double zero) {
    for (int i = 0; i < count; i++) {
      integers[i] = bounded(Math.rint(elements[at + i] / step) + zero);
    }
  }

  private double bounded(double integer) {
    return Math.min(most, Math.max(least, integer));
  }
}
