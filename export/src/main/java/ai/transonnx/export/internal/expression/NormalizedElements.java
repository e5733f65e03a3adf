package ai.transonnx.export.internal.expression;

import ai.transonnx.graph.WeightExpression;

/** Vectors divided by their length. The length of the last vector is cached. */
final class NormalizedElements implements Elements {
  private static final int PIECE = 1 << 12;

  private final Elements vectors;
  private final long size;
  private final double[] piece = new double[PIECE];
  private long cachedVector = -1;
  private double cachedLength;

  /**
   * Normalizes vectors.
   *
   * @param size the number of elements of a vector
   */
  NormalizedElements(Elements vectors, long size) {
    this.vectors = vectors;
    this.size = size;
  }

  @Override
  public void read(long from, double[] into, int at, int count) {
    vectors.read(from, into, at, count);
    for (int i = 0; i < count; i++) {
      into[at + i] /= lengthOf((from + i) / size);
    }
  }

  private double lengthOf(long vector) {
    if (vector != cachedVector) {
      double squares = 0;
      for (long done = 0; done < size; done += PIECE) {
        int some = (int) Math.min(PIECE, size - done);
        vectors.read(vector * size + done, piece, 0, some);
        for (int i = 0; i < some; i++) {
          squares += piece[i] * piece[i];
        }
      }
      cachedLength = Math.max(Math.sqrt(squares), WeightExpression.Normalized.LEAST_LENGTH);
      cachedVector = vector;
    }
    return cachedLength;
  }
}
