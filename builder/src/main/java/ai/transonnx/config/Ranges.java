package ai.transonnx.config;

/** The checks that configurations make of their numbers. */
public final class Ranges {
  private Ranges() {}

  /**
   * Checks a whole number.
   *
   * @throws ConfigException if {@code value} is outside of {@code from} to {@code to}
   */
  public static void check(String key, long value, long from, long to) {
    if (value < from || value > to) {
      throw ConfigException.notAllowed(key, value, "from %s to %s".formatted(from, to));
    }
  }

  /**
   * Checks the probability of a dropout.
   *
   * @throws ConfigException if {@code value} is outside of 0 to 1
   */
  public static void dropout(String key, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw ConfigException.notAllowed(key, value, "from 0 to 1");
    }
  }

  /**
   * Checks the share of tokens that training hides.
   *
   * @throws ConfigException if {@code value} is not below 1
   */
  public static void maskProb(String key, double value) {
    if (!(value < 1)) {
      throw ConfigException.notAllowed(key, value, "below 1");
    }
  }

  /**
   * Checks a number.
   *
   * @throws ConfigException if {@code value} is infinite or not a number
   */
  public static void finite(String key, double value) {
    if (!Double.isFinite(value)) {
      throw ConfigException.notAllowed(key, value, "a finite number");
    }
  }
}
