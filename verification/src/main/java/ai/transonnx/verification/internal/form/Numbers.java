package ai.transonnx.verification.internal.form;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers for readers: three significant digits. Has no state, so threads may share it. */
public final class Numbers {
  private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_EVEN);
  private static final MathContext TEN_DIGITS = new MathContext(10, RoundingMode.HALF_EVEN);
  private static final double SMALLEST_PLAIN = 1e-3;
  private static final double LARGEST_PLAIN = 99_999.5;
  private static final long[] UNITS = {1L << 30, 1L << 20, 1L << 10};
  private static final String[] UNIT_NAMES = {"GiB", "MiB", "KiB"};

  private Numbers() {}

  /** A number such as {@code 0.0312}, {@code 148}, {@code 1.21e-7} or {@code NaN}. */
  public static String of(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "infinity" : "-infinity";
    }
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN) {
      return size < 1000
          ? plain(new BigDecimal(value).round(THREE_DIGITS))
          : String.format(Locale.ROOT, "%.0f", value);
    }
    return scientific(value);
  }

  /** A number with as many digits as distinguish it from others of its type. */
  public static String exact(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e7
        ? Long.toString((long) value)
        : Double.toString(value).replace('E', 'e');
  }

  /**
   * A number for a column of a table: three significant digits, also if the last ones are zeros,
   * such as {@code 2.30} or {@code 5.00e-7}.
   */
  public static String column(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(value) || size == 0 || (size >= 999.5 && size < LARGEST_PLAIN)) {
      return of(value);
    }
    if (size < SMALLEST_PLAIN || size >= LARGEST_PLAIN) {
      var text = String.format(Locale.ROOT, "%.2e", value);
      int split = text.indexOf('e');
      return text.substring(0, split) + "e" + Integer.parseInt(text.substring(split + 1));
    }
    return new BigDecimal(value).round(THREE_DIGITS).toPlainString();
  }

  /** A number with ten significant digits. */
  public static String precise(double value) {
    if (!Double.isFinite(value) || value == 0) {
      return of(value);
    }
    var rounded = new BigDecimal(value).round(TEN_DIGITS);
    double size = Math.abs(value);
    if (size >= SMALLEST_PLAIN / 10 && size < 1e10) {
      return rounded.toPlainString();
    }
    int exponent = rounded.precision() - rounded.scale() - 1;
    return rounded.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
  }

  private static String plain(BigDecimal rounded) {
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static String scientific(double value) {
    var text = String.format(Locale.ROOT, "%.2e", value); // 1.20e-07
    int split = text.indexOf('e');
    var digits = new BigDecimal(text.substring(0, split)).stripTrailingZeros().toPlainString();
    return digits + "e" + Integer.parseInt(text.substring(split + 1));
  }

  /** A count such as {@code 1,234,567}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A size such as {@code 356 MiB}. */
  public static String bytes(long bytes) {
    for (int i = 0; i < UNITS.length; i++) {
      if (bytes >= UNITS[i]) {
        return of((double) bytes / UNITS[i]) + " " + UNIT_NAMES[i];
      }
    }
    return bytes + " bytes";
  }

  /** A time such as {@code 0.412 s} or {@code 2 min 5 s}. */
  public static String seconds(double seconds) {
    if (!(seconds >= 100) || seconds > Long.MAX_VALUE) {
      return of(seconds) + " s";
    }
    long whole = Math.round(seconds);
    return whole / 60 + " min " + whole % 60 + " s";
  }
}
