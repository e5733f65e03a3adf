package ai.transonnx.runtime.quality;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Measures whether a model's predictions depend on later tokens: no metadata specify it. */
public final class Causality {
  /** A change below this share of the magnitude is rounding. */
  private static final double ROUNDING = 0.02;

  private static final int MAX_TOKENS = 64;

  private Causality() {}

  /**
   * Whether the logits of a position are independent of the tokens after it. Otherwise, as in a
   * masked language model, they are no probabilities of the next token. The logits of the first
   * half of a sequence are computed with two second halves, which have no token at the same
   * position in common. A model that continues a sequence, or returns the logits of the last
   * position only, is causal without a measurement.
   *
   * @param model from {@code tokens} to {@code logits}
   * @param tokens one or more; they are repeated until the sequence is long enough
   * @param longest the maximum number of positions of a call
   * @throws ai.transonnx.runtime.ModelException if the model has no logits, or has inputs besides
   *     tokens and state
   * @throws ai.transonnx.runtime.InferenceException as {@link OnnxModel#run(java.util.Map,
   *     java.util.Set, Cancellation)}
   */
  public static boolean isCausal(
      OnnxModel model, long[] tokens, int longest, Cancellation cancellation) {
    if (TokenModel.hasLastLogits(model)) {
      return true;
    }
    var checked = TokenModel.of(model);
    int n = Math.min(Math.min(longest, checked.longestWindow()), MAX_TOKENS);
    if (checked.isIncremental() || n < 2) {
      return true;
    }
    int vocabulary = model.inputVocabulary().count().orElse(Integer.MAX_VALUE);
    int half = n / 2;
    var window = new long[n];
    Arrays.setAll(window, i -> tokens[i % tokens.length]);
    try (var source = new WindowLogits(checked, new LogitsBuffer())) {
      var before = rows(source, window, half, cancellation);
      for (int i = half; i < n; i++) {
        window[i] = (window[i] + 1) % vocabulary;
      }
      var after = rows(source, window, half, cancellation);
      return IntStream.range(0, half).allMatch(i -> change(before[i], after[i]) <= ROUNDING);
    }
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
