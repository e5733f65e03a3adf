package ai.transonnx.graph;

import ai.transonnx.InputException;

/**
 * The operators and the precision that a graph is built with.
 *
 * <p>Immutable; threads may share it.
 *
 * @param opset the version of ONNX's operator set
 * @param target the runtime that the graph is built for
 * @param precision the element type in which matrices are stored and multiplied
 */
public record EmitOptions(int opset, Target target, Precision precision) {
  /** The oldest supported opset. */
  public static final int MIN_OPSET = 17;

  /** The newest supported opset. */
  public static final int MAX_OPSET = 23;

  /** The newest supported opset, portable, in float32. */
  public static final EmitOptions STANDARD =
      new EmitOptions(MAX_OPSET, Target.PORTABLE, Precision.FLOAT32);

  /**
   * Checks the opset.
   *
   * @throws InputException if {@code opset} is outside of {@link #MIN_OPSET} to {@link #MAX_OPSET}
   */
  public EmitOptions {
    if (opset < MIN_OPSET || opset > MAX_OPSET) {
      throw new InputException(
          "opset %s is not supported; it must be from %s to %s"
              .formatted(opset, MIN_OPSET, MAX_OPSET));
    }
  }

  /** These options with another opset. */
  public EmitOptions withOpset(int version) {
    return new EmitOptions(version, target, precision);
  }

  /** These options with another target. */
  public EmitOptions withTarget(Target wanted) {
    return new EmitOptions(opset, wanted, precision);
  }

  /** These options with another precision. */
  public EmitOptions withPrecision(Precision wanted) {
    return new EmitOptions(opset, target, wanted);
  }
}
