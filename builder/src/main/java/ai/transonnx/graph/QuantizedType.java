package ai.transonnx.graph;

import ai.transonnx.InputException;
import java.util.Arrays;
import java.util.Locale;

/**
 * The integers that quantized weights are stored as.
 *
 * <p>Immutable; threads may share it.
 */
public enum QuantizedType {
  /** Numbers from -8 to 7: an eighth of float32's size. */
  INT4(4),
  /** Numbers from -128 to 127: a quarter of float32's size. */
  INT8(8);

  private final int bits;

  QuantizedType(int bits) {
    this.bits = bits;
  }

  /**
   * The type of this name, such as {@code int4}.
   *
   * @throws InputException if there is none
   */
  public static QuantizedType of(String name) {
    return Arrays.stream(values())
        .filter(type -> type.toString().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new InputException(
                    "unknown quantization '%s'; expected int4 or int8".formatted(name)));
  }

  /** The number of bits of an integer. */
  public int bits() {
    return bits;
  }

  /** The smallest integer. */
  public int least() {
    return -(1 << (bits - 1));
  }

  /** The largest integer. */
  public int most() {
    return (1 << (bits - 1)) - 1;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
