package ai.transonnx.verification.report.page;

import ai.transonnx.verification.report.TensorReport;

/** The shade of an error over tolerance, and the text in it. Has no state. */
final class Level {
  private Level() {}

  /** The class of a shade. */
  private static String of(double ratio) {
    if (ratio <= 1) {
      return ratio < 0.1 ? "p0" : ratio < 0.25 ? "p1" : ratio < 0.5 ? "p2" : "p3";
    }
    return ratio <= 10 ? "f0" : ratio <= 100 ? "f1" : "f2";
  }

  /** The class of a tensor's shade. */
  static String of(TensorReport tensor) {
    return tensor.isUndecided() ? "undecided" : of(tensor.ratio());
  }

  /** The text of a tensor's error over tolerance with the sign of a multiple. */
  static String badge(TensorReport tensor) {
    boolean isMultiple = Double.isFinite(tensor.ratio()) && !tensor.isUndecided();
    return isMultiple ? text(tensor) + "×" : text(tensor);
  }

  /** The text of a tensor's error over tolerance: a mark if it is a failure, and the number. */
  static String text(TensorReport tensor) {
    if (tensor.isUndecided()) {
      return "? undecided";
    }
    if (tensor.passed()) {
      return Words.ratio(tensor.ratio());
    }
    var error = tensor.error();
    return "✗ " + (error == null ? "differs" : error.isNaN() ? "NaN" : Words.ratio(tensor.ratio()));
  }
}
