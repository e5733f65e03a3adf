package ai.transonnx.verification;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Precision;

/**
 * The allowed difference of an element from the recorded one: {@code share} times the larger of 1
 * and the recorded tensor's largest magnitude. Immutable, so threads may share it.
 *
 * <p>In float16 and bfloat16, it is {@value #ROUNDINGS} roundings of the type. That is the next
 * power of two above twice the error that 99 % of the golden cases stay below if every operation is
 * rounded. ARCHITECTURE.md has the measurements. In float64, it is 1e-9 if the recording has
 * float64 as well.
 *
 * @param share the allowed difference relative to the magnitude
 */
public record Tolerance(double share) {
  /** The tolerance of float32 models. */
  public static final Tolerance FLOAT32 = new Tolerance(3e-5);

  /** The tolerance of float64 models. */
  public static final Tolerance FLOAT64 = new Tolerance(1e-9);

  private static final int ROUNDINGS = 32;

  /** The largest relative error of one rounding: half of the last bit. */
  private static final double FLOAT32_ROUNDING = 0x1p-24;

  private static final double FLOAT16_ROUNDING = 0x1p-11;

  private static final double BFLOAT16_ROUNDING = 0x1p-8;

  /** The tolerance of a precision. */
  public static Tolerance of(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> FLOAT32;
      case FLOAT64 -> FLOAT64;
      case FLOAT16 -> new Tolerance(ROUNDINGS * FLOAT16_ROUNDING);
      case BFLOAT16 -> new Tolerance(ROUNDINGS * BFLOAT16_ROUNDING);
    };
  }

  /** The allowed difference in a tensor of this largest magnitude. */
  public double of(double magnitude) {
    return share * Math.max(1, magnitude);
  }

  /**
   * The allowed difference from a recorded tensor. A float32 recording cannot confirm more than
   * {@value #ROUNDINGS} roundings of float32, because libraries compute at least softmax in
   * float32.
   *
   * @param recorded the type of the recorded tensor
   */
  double of(double magnitude, ElementType recorded) {
    double least = recorded == ElementType.FLOAT32 ? ROUNDINGS * FLOAT32_ROUNDING : 0;
    return Math.max(share, least) * Math.max(1, magnitude);
  }
}
