package ai.transonnx.graph;

import ai.transonnx.InputException;

/**
 * Which operators a graph is written in.
 *
 * <p>Immutable; threads may share it.
 *
 * @param opset the version of ONNX's operators
 * @param target what the graph is made to run on
 * @param precision what matrices are stored and multiplied in
 */
public record EmitOptions(int opset, Target target, Precision precision) {
  /** The oldest operators that graphs are written in. */
  public static final int MIN_OPSET = 17;

  /** The newest operators that graphs are written in. */
  public static final int MAX_OPSET = 23;

  /** The newest operators of ONNX itself, in float32. */
  public static final EmitOptions STANDARD =
      new EmitOptions(MAX_OPSET, Target.PORTABLE, Precision.FLOAT32);

  /**
   * Operators of a version, of a runtime and of a precision.
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

  public EmitOptions withOpset(int version) {
    return new EmitOptions(version, target, precision);
  }

  public EmitOptions withTarget(Target wanted) {
    return new EmitOptions(opset, wanted, precision);
  }

  public EmitOptions withPrecision(Precision wanted) {
    return new EmitOptions(opset, target, wanted);
  }
}
