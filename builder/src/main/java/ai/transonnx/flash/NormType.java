package ai.transonnx.flash;

/**
 * The values of {@code norm_type} of {@code FLASHTransformer}.
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

  /** The Python value. */
  @Override
  public String toString() {
    return label;
  }
}
