package ai.transonnx.internal.config;

import ai.transonnx.config.ConfigException;

/** Range checks for the numeric options of configurations. */
public final class Ranges {
  /** The most blocks of a stack; published transformers have up to 1000 layers. */
  private static final int MAX_DEPTH = 1000;

  /** The most layers of a stack: a block has up to 4. */
  private static final int MAX_LAYERS = 4 * MAX_DEPTH;

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
   * Checks the number of blocks of a stack, each of which a graph has several dozen nodes for.
   *
   * @throws ConfigException if {@code depth} is less than {@code from} or greater than 1000
   */
  public static void checkDepth(String key, long depth, long from) {
    checkInteger(key, depth, from, MAX_DEPTH);
  }

  /**
   * Checks the number of layers that a list names one by one.
   *
   * @throws ConfigException if they are more than 4000
   */
  public static void checkLayers(String key, long count) {
    if (count > MAX_LAYERS) {
      throw new ConfigException(
          "'%s' has %s layers; at most %s are allowed".formatted(key, count, MAX_LAYERS));
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
