package ai.transonnx.op;

/**
 * In which order a checkpoint has the two dimensions of a linear layer's weight.
 *
 * <p>Immutable; threads may share it.
 */
public enum MatrixOrder {
  /** {@code [out, in]}, as PyTorch has it. */
  OUTPUTS_FIRST,
  /** {@code [in, out]}, as Paddle has it. */
  INPUTS_FIRST
}
