package ai.transonnx.internal.xtransformers;

/** The output of a query whose keys are all masked. Immutable. */
public enum EmptyRows {
  /** The mean of all values, as of equal scores. */
  UNIFORM,
  /** Zero, if masks other than causality mask all keys; otherwise the mean of all values. */
  ZERO_BY_MASK,
  /** Zero, also if causality masks keys; but only if there is another mask. */
  ZERO
}
