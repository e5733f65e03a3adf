package ai.transonnx.internal.config;

import ai.transonnx.config.ConfigException;

/** Range checks for the numeric options of configurations. */
public final class Ranges {
  private Ranges() {}

  /**
   * Checks an integer.
   *
   * @throws ConfigException if {@code value} is less than {@code from} or greater than {@code to}
   */
  public static void checkInteger(String key, long value, long from, long to) {
    if (value < from || value > to) {
      throw ConfigException.notAllowed(key, value, "from %s to %s".formatted(from, to));
    }
  }

  /**
   * Checks a probability, such as that of a dropout.
   *
   * @throws ConfigException if {@code value} is not from 0 to 1
   */
  public static void checkProbability(String key, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw ConfigException.notAllowed(key, value, "from 0 to 1");
    }
  }

  /**
   * Checks the fraction of tokens that training masks.
   *
   * @throws ConfigException if {@code value} is not less than 1
   */
  public static void checkMaskProb(String key, double value) {
    if (!(value < 1)) {
      throw ConfigException.notAllowed(key, value, "below 1");
    }
  }

  /**
   * Checks that a number is finite.
   *
   * @throws ConfigException if {@code value} is infinite or NaN
   */
  public static void checkFinite(String key, double value) {
    if (!Double.isFinite(value)) {
      throw ConfigException.notAllowed(key, value, "a finite number");
    }
  }
}
