package ai.transonnx.graph;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import java.util.Arrays;

/**
 * What a model's matrices are stored in and multiplied in. Whatever loses too much in half the bits
 * stays float32 in every model: norms, softmax, sums, exponentials, angles, positions, losses; so
 * do inputs and outputs that are no state.
 *
 * <p>Immutable; threads may share it.
 */
public enum Precision {
  FLOAT32(ElementType.FLOAT32),
  /** 11 bits of mantissa, magnitudes up to 65504. */
  FLOAT16(ElementType.FLOAT16),
  /** 8 bits of mantissa, the range of float32. */
  BFLOAT16(ElementType.BFLOAT16);

  private final ElementType computeType;

  Precision(ElementType computeType) {
    this.computeType = computeType;
  }

  /** The type of what computeType take and make. */
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
                    "there is no dtype '%s'; there are float32, float16 and bfloat16"
                        .formatted(name)));
  }

  @Override
  public String toString() {
    return computeType.toString();
  }
}
