package ai.transonnx.flash;

/**
 * The normalizations that {@code FLASHTransformer} can be asked for.
 *
 * <p>Immutable; threads may share it.
 */
public enum NormType {
  SCALENORM("scalenorm", NormClass.SCALE_NORM),
  LAYERNORM("layernorm", NormClass.LAYER_NORM);

  private final String label;
  private final NormClass normClass;

  NormType(String label, NormClass normClass) {
    this.label = label;
    this.normClass = normClass;
  }

  NormClass normClass() {
    return normClass;
  }

  /** The name in Python. */
  @Override
  public String toString() {
    return label;
  }
}
