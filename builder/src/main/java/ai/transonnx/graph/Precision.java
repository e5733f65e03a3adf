package ai.transonnx.graph;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import java.util.Arrays;

/**
 * The element type in which a model's matrices are stored and multiplied. Computations that would
 * lose too much precision in 16 bits stay in float32 in 16-bit models: norms, softmax, sums,
 * exponentials, angles, positions and losses. So do inputs and outputs, except recurrent state. In
 * a float64 model, everything that is floating-point is float64: weights, computations, inputs,
 * outputs and state.
 *
 * <p>Immutable; threads may share it.
 */
public enum Precision {
  /** Single precision. */
  FLOAT32(ElementType.FLOAT32),
  /** Double precision, for references. */
  FLOAT64(ElementType.FLOAT64),
  /** 11 bits of precision, magnitudes up to 65504. */
  FLOAT16(ElementType.FLOAT16),
  /** 8 bits of precision, the range of float32. */
  BFLOAT16(ElementType.BFLOAT16);

  private final ElementType computeType;

  Precision(ElementType computeType) {
    this.computeType = computeType;
  }

  /** The element type of the operands and results of matrix products. */
  public ElementType computeType() {
    return computeType;
  }

  /**
   * The element type of computations outside of matrix products, of inputs and outputs, and of
   * weights that are no matrices: float64 in a float64 model, float32 in all others.
   */
  public ElementType wideType() {
    return this == FLOAT64 ? ElementType.FLOAT64 : ElementType.FLOAT32;
  }

  /** Whether matrices are float16 or bfloat16. */
  public boolean isHalf() {
    return computeType.isHalf();
  }

  /**
   * The precision of this name, such as {@code float16}.
   *
   * @throws InputException if there is none
   */
  public static Precision of(String name) {
    return Arrays.stream(values())
        .filter(precision -> precision.toString().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new InputException(
                    "unknown dtype '%s'; expected float32, float64, float16 or bfloat16"
                        .formatted(name)));
  }

  @Override
  public String toString() {
    return computeType.toString();
  }
}
