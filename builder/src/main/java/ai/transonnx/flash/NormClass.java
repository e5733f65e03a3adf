package ai.transonnx.flash;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.ScaleNorm;
import ai.transonnx.op.Scope;

/**
 * The library's norm classes.
 *
 * <p>Immutable; threads may share it.
 */
public enum NormClass {
  LAYER_NORM("LayerNorm") {
    @Override
    Value of(Scope scope, Value x, int dim) {
      return new LayerNorm(dim).of(scope, x);
    }
  },
  SCALE_NORM("ScaleNorm") {
    @Override
    Value of(Scope scope, Value x, int dim) {
      return ScaleNorm.ofRootMeanSquare(dim).of(scope, x);
    }
  };

  private final String label;

  NormClass(String label) {
    this.label = label;
  }

  /** Normalizes the features of {@code x}, {@code [..., dim]}. */
  abstract Value of(Scope scope, Value x, int dim);

  /** The name of the Python class. */
  @Override
  public String toString() {
    return label;
  }
}
