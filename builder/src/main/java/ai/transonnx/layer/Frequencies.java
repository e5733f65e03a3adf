package ai.transonnx.layer;

import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;

/**
 * The angles that waves turn by from position to position: a geometric series from 1 towards one
 * part in theta, as sinusoidal and rotary embeddings of the libraries have it.
 *
 * <p>Its methods are thread-safe.
 */
public final class Frequencies {
  /** The libraries' usual base. */
  public static final double THETA = 10_000;

  private Frequencies() {}

  /**
   * The frequencies {@code theta ^ (-2 * i / dim)}.
   *
   * @param count how many
   * @param dim features that they are for
   * @return {@code [count]}
   */
  public static Tensor of(int count, long dim, double theta) {
    var frequencies = new float[count];
    for (int i = 0; i < count; i++) {
      frequencies[i] = (float) Math.pow(theta, -2.0 * i / dim);
    }
    return Tensor.of(Shape.of(count), frequencies);
  }
}
