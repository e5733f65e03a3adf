package ai.transonnx.runtime.embedding;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import java.util.Arrays;

/**
 * How the embeddings of a sequence's positions become one vector.
 *
 * <pre>{@code
 * Tensor embeddings = model.run(inputs).get("embeddings"); // [2, 5, d]
 * float[][] vectors = Pooling.MEAN.pool(embeddings, 5, 3); // the second row has 2 of padding
 * }</pre>
 */
public enum Pooling {
  /** The mean over all positions that are not padding. */
  MEAN,

  /** The first position, such as that of a token for classification. */
  FIRST,

  /** The last position that is not padding: the one that depends on all others if it is causal. */
  LAST;

  /**
   * Pools each row.
   *
   * @param embeddings floating-point [b, n, d]
   * @param lengths the number of positions of each row that are not padding, which follows them
   * @return b vectors of d numbers
   * @throws RequestException if the embeddings have another rank or number of rows, or a length is
   *     not 1 to n
   */
  public float[][] pool(Tensor embeddings, int... lengths) {
    long[] shape = embeddings.shape();
    if (shape.length != 3 || shape[0] != lengths.length) {
      throw new RequestException(
          "embeddings are %s; expected are [%s, n, d]".formatted(embeddings, lengths.length));
    }
    int n = Math.toIntExact(shape[1]);
    int dim = Math.toIntExact(shape[2]);
    float[] values = embeddings.floats();
    var vectors = new float[lengths.length][];
    for (int row = 0; row < lengths.length; row++) {
      if (lengths[row] < 1 || lengths[row] > n) {
        throw new RequestException(
            "row %s has %s positions; 1 to %s are possible".formatted(row, lengths[row], n));
      }
      vectors[row] = vector(values, row * n * dim, lengths[row], dim);
    }
    return vectors;
  }

  private float[] vector(float[] values, int start, int length, int dim) {
    return switch (this) {
      case MEAN -> mean(values, start, length, dim);
      case FIRST -> Arrays.copyOfRange(values, start, start + dim);
      case LAST -> Arrays.copyOfRange(values, start + (length - 1) * dim, start + length * dim);
    };
  }

  private static float[] mean(float[] values, int start, int length, int dim) {
    var sums = new double[dim];
    for (int i = 0; i < length * dim; i++) {
      sums[i % dim] += values[start + i];
    }
    var mean = new float[dim];
    for (int i = 0; i < dim; i++) {
      mean[i] = (float) (sums[i] / length);
    }
    return mean;
  }
}
