package ai.transonnx.op;

/**
 * The order in which a checkpoint stores the two dimensions of a linear layer's weight.
 *
 * <p>Immutable; threads may share it.
 */
public enum MatrixOrder {
  /** {@code [out, in]}, as in PyTorch. */
  OUTPUTS_FIRST,
  /** {@code [in, out]}, as in Paddle. */
  INPUTS_FIRST
}
