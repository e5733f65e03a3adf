package ai.transonnx.verification.internal.divergence;

import java.util.Locale;

/** Numbers in sentences. */
final class Numbers {
  private static final double MANY = 1000;
  private static final double FEW = 10;

  private Numbers() {}

  /** Such as {@code 3.21e-05}. */
  static String text(double number) {
    return number == 0 ? "0" : String.format(Locale.ROOT, "%.3g", number);
  }

  /** How many times larger one number is, such as {@code 3.2 times} or {@code 12,000 times}. */
  static String times(double number, double unit) {
    double ratio = number / unit;
    if (!Double.isFinite(ratio) || ratio > MANY * MANY) {
      return "more than a million times";
    }
    var format = ratio < FEW ? "%.1f times" : "%,.0f times";
    return String.format(Locale.ROOT, format, ratio);
  }
}
