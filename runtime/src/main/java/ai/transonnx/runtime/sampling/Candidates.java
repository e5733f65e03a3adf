package ai.transonnx.runtime.sampling;

import java.util.Arrays;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;

/**
 * The candidates for the next token, with their logits. A {@link Filter} removes candidates; at
 * least one always remains. For one thread.
 *
 * <p>The arrays are reused for every position, so selecting a token allocates nothing.
 */
public final class Candidates {
  private final int[] tokens;
  private final double[] weights;
  private float[] logits = {};
  private int size;

  /** Candidates from a vocabulary of a size. */
  Candidates(int vocabulary) {
    tokens = new int[vocabulary];
    weights = new double[vocabulary];
  }

  /** Makes every token a candidate. The array is not copied, and filters may change it. */
  void load(float[] logits) {
    this.logits = logits;
    size = tokens.length;
    for (int i = 0; i < size; i++) {
      tokens[i] = i;
    }
  }

  /** The size of the vocabulary. */
  public int vocabulary() {
    return tokens.length;
  }

  /** The number of candidates. */
  public int size() {
    return size;
  }

  /** The token of candidate {@code i}, {@code 0 <= i < size()}; candidates are in no order. */
  public int token(int i) {
    return tokens[i];
  }

  /** The logit of candidate {@code i}. */
  public float logit(int i) {
    return logits[tokens[i]];
  }

  /** Keeps the {@code count} highest logits, at least 1; of equal logits, the lower tokens. */
  public void keepHighest(int count) {
    int kept = Math.max(count, 1);
    if (kept < size) {
      var ranking = new Ranking(tokens, logits, size);
      for (int i = 0; i < kept; i++) {
        ranking.next();
      }
      size = ranking.toFront();
    }
  }

  /**
   * Keeps the most likely candidates until their probabilities add up to more than {@code mass},
   * including the candidate that exceeds it.
   */
  public void keepMass(double mass) {
    double limit = mass * weigh(1);
    double top = maxLogit();
    double sum = 0;
    var ranking = new Ranking(tokens, logits, size);
    do {
      sum += Math.exp(logits[ranking.next()] - top);
    } while (sum <= limit && ranking.hasNext());
    size = ranking.toFront();
  }

  /** Keeps the candidates whose probability passes, or the most likely one if none does. */
  public void keepProbable(DoublePredicate passes) {
    double total = weigh(1);
    if (!passes.test(1 / total)) { // The highest logit has weight 1.
      keepHighest(1);
      return;
    }
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (passes.test(weights[i] / total)) {
        tokens[kept++] = tokens[i];
      }
    }
    size = kept;
  }

  /** The probability of the most likely candidate. */
  public double maxProbability() {
    return 1 / weigh(1);
  }

  /** The candidates; if {@link #keepHighest} removed some, in the order of their logits. */
  int[] tokens() {
    return Arrays.copyOf(tokens, size);
  }

  /** Replaces the logit of every candidate. */
  void replace(DoubleUnaryOperator function) {
    for (int i = 0; i < size; i++) {
      logits[tokens[i]] = (float) function.applyAsDouble(logits[tokens[i]]);
    }
  }

  /** Gives every candidate the same logit. */
  public void equalize(float logit) {
    for (int i = 0; i < size; i++) {
      logits[tokens[i]] = logit;
    }
  }

  /**
   * The token at which the cumulative probability exceeds {@code point}, from 0 to 1.
   *
   * @param temperature the divisor of the logits
   */
  int pick(double point, double temperature) {
    double rest = point * weigh(temperature);
    int last = 0;
    for (int i = 0; i < size; i++) {
      if (weights[i] > 0) {
        last = i;
        rest -= weights[i];
        if (rest < 0) {
          break;
        }
      }
    }
    return tokens[last];
  }

  /** Sets the weights, which are probabilities divided by the highest; returns their sum. */
  private double weigh(double temperature) {
    double top = maxLogit();
    double total = 0;
    for (int i = 0; i < size; i++) {
      weights[i] = Math.exp((logits[tokens[i]] - top) / temperature);
      total += weights[i];
    }
    return total;
  }

  private float maxLogit() {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      max = Math.max(max, logits[tokens[i]]);
    }
    return max;
  }
}
