package ai.transonnx.verification.internal.compare;

import ai.transonnx.runtime.Tensor;

/** The largest magnitude of the finite elements of a tensor. */
public final class Magnitude {
  private Magnitude() {}

  /** The largest magnitude; 0 if there is no finite element. */
  public static double of(Tensor tensor) {
    var elements = Elements.of(tensor);
    double magnitude = 0;
    for (int i = 0; i < tensor.size(); i++) {
      double value = Math.abs(elements.at(i));
      magnitude = Double.isFinite(value) ? Math.max(magnitude, value) : magnitude;
    }
    return magnitude;
  }
}
