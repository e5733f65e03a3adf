package ai.transonnx.verification;

import ai.transonnx.graph.Precision;

/**
 * How far an element may be from what was recorded: {@code share} times the larger of 1 and the
 * tensor's largest magnitude.
 *
 * <p>Models of half the bits have {@value #ROUNDINGS} roundings of their type: the next power of
 * two above twice the error that 99 in 100 golden cases stay within, measured in such roundings on
 * models whose every operation is rounded. ARCHITECTURE.md has the numbers.
 *
 * @param share of the magnitude
 */
public record Tolerance(double share) {
  /** The contract's, for models of float32. */
  public static final Tolerance FLOAT32 = new Tolerance(3e-5);

  private static final int ROUNDINGS = 32;

  /** The most that rounding changes a number by, as a share of it: half of its last bit. */
  private static final double FLOAT16_ROUNDING = 0x1p-11;

  private static final double BFLOAT16_ROUNDING = 0x1p-8;

  /** The tolerance for models of a precision. */
  public static Tolerance of(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> FLOAT32;
      case FLOAT16 -> new Tolerance(ROUNDINGS * FLOAT16_ROUNDING);
      case BFLOAT16 -> new Tolerance(ROUNDINGS * BFLOAT16_ROUNDING);
    };
  }

  /** What is allowed in a tensor of this largest magnitude. */
  public double of(double magnitude) {
    return share * Math.max(1, magnitude);
  }
}
