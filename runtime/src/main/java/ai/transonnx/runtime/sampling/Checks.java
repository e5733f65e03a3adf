package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.RequestException;

/** What options of sampling may be. */
final class Checks {
  private Checks() {}

  static void fraction(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new RequestException(what + " is " + value + ", not a number from 0 to 1");
    }
  }
}
