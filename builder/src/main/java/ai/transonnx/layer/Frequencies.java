package ai.transonnx.layer;

import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;

/**
 * The frequencies of the libraries' sinusoidal and rotary embeddings, in radians per position: a
 * geometric series from 1 down towards {@code 1 / theta}.
 *
 * <p>Its methods are thread-safe.
 */
public final class Frequencies {
  /** The libraries' usual base. */
  public static final double THETA = 10_000;

  private Frequencies() {}

  /**
   * The frequencies {@code theta ^ (-2 * i / dim)}: float64 {@code [count]}.
   *
   * @param count number of frequencies
   * @param dim number of features that the embedding has
   * @param theta the base of the series
   */
  public static Tensor of(int count, long dim, double theta) {
    return Tensor.of(Shape.of(count), values(count, dim, theta));
  }

  /** The elements of {@link #of}. */
  public static double[] values(int count, long dim, double theta) {
    var frequencies = new double[count];
    for (int i = 0; i < count; i++) {
      frequencies[i] = Math.pow(theta, -2.0 * i / dim);
    }
    return frequencies;
  }
}
