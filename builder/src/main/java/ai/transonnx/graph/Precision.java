package ai.transonnx.graph;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import java.util.Arrays;

/**
 * The element type in which a model's matrices are stored and multiplied. Computations that would
 * lose too much precision in 16 bits stay in float32 in every model: norms, softmax, sums,
 * exponentials, angles, positions and losses. So do inputs and outputs, except recurrent state.
 *
 * <p>Immutable; threads may share it.
 */
public enum Precision {
  /** Single precision. */
  FLOAT32(ElementType.FLOAT32),
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
                    "unknown dtype '%s'; expected float32, float16 or bfloat16".formatted(name)));
  }

  @Override
  public String toString() {
    return computeType.toString();
  }
}
