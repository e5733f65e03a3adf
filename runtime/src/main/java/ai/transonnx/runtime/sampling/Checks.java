package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.RequestException;

/** Checks the options of filters. */
final class Checks {
  private Checks() {}

  static void fraction(String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new RequestException(option + " is " + value + ", not a number from 0 to 1");
    }
  }
}
