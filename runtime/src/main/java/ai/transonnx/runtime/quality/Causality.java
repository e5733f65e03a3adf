package ai.transonnx.runtime.quality;

import ai.transonnx.runtime.Cancellation;
import java.util.Arrays;

/** Whether the logits of a position depend on the tokens after it. Has no state. */
final class Causality {
  /** A change below this share of the magnitude is rounding. */
  private static final double ROUNDING = 0.02;

  private static final int MAX_TOKENS = 64;

  private Causality() {}

  /**
   * Computes the logits of the first half of a sequence with two second halves, which have no token
   * at the same position in common.
   *
   * @param longest the maximum number of positions of a window
   * @param vocabulary the number of tokens of the model's input
   */
  static boolean isCausal(
      LogitsSource source, long[] tokens, int longest, int vocabulary, Cancellation cancellation) {
    int n = Math.min(Math.min(tokens.length, longest), MAX_TOKENS);
    if (n < 2) {
      return true; // No position of a window has another after it.
    }
    int half = n / 2;
    var window = Arrays.copyOf(tokens, n);
    var before = rows(source, window, half, cancellation);
    for (int i = half; i < n; i++) {
      window[i] = (window[i] + 1) % vocabulary;
    }
    var after = rows(source, window, half, cancellation);
    for (int i = 0; i < half; i++) {
      if (!(change(before[i], after[i]) <= ROUNDING)) {
        return false;
      }
    }
    return true;
  }

  private static double[][] rows(
      LogitsSource source, long[] window, int count, Cancellation cancellation) {
    source.start(window.clone(), cancellation);
    var rows = new double[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = source.next().clone();
    }
    return rows;
  }

  /** The Euclidean norm of the difference, divided by that of the first. */
  private static double change(double[] first, double[] second) {
    double difference = 0;
    double magnitude = 0;
    for (int i = 0; i < first.length; i++) {
      if (first[i] != second[i]) { // both may be infinite
        difference += (first[i] - second[i]) * (first[i] - second[i]);
      }
      magnitude += Double.isInfinite(first[i]) ? 0 : first[i] * first[i];
    }
    return difference == 0 ? 0 : Math.sqrt(difference / magnitude);
  }
}
