package ai.transonnx.runtime.sampling;

import java.util.function.DoublePredicate;

/**
 * The tokens that may come next, with their logits. A {@link Filter} takes tokens away; at least
 * one always stays.
 *
 * <p>The arrays belong to this object and are used again for every position, so choosing among a
 * large vocabulary allocates nothing.
 */
public final class Candidates {
  private final int[] tokens;
  private final double[] weights;
  private float[] logits = {};
  private int size;

  /** Room for the tokens of a vocabulary. */
  Candidates(int vocabulary) {
    tokens = new int[vocabulary];
    weights = new double[vocabulary];
  }

  /** Makes every token a candidate. The array is used, and changed, not copied. */
  void load(float[] logits) {
    this.logits = logits;
    size = tokens.length;
    for (int i = 0; i < size; i++) {
      tokens[i] = i;
    }
  }

  /** The number of tokens there are, candidates or not. */
  public int vocabulary() {
    return tokens.length;
  }

  /** The number of candidates. */
  public int size() {
    return size;
  }

  /** The token that candidate {@code i} is, {@code 0 <= i < size()}; they are in no order. */
  public int token(int i) {
    return tokens[i];
  }

  /** The logit of candidate {@code i}. */
  public float logit(int i) {
    return logits[tokens[i]];
  }

  /** Keeps the {@code count} highest logits, at least 1; of equal ones the lower tokens. */
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
   * Keeps the highest logits until their probabilities together exceed {@code mass}; the token with
   * which they do is the last that stays.
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

  /** Keeps the candidates whose probability passes, or the likeliest if none does. */
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

  /** The probability of the likeliest candidate. */
  public double maxProbability() {
    return 1 / weigh(1);
  }

  /** Gives every candidate the same logit. */
  public void equalize(float logit) {
    for (int i = 0; i < size; i++) {
      logits[tokens[i]] = logit;
    }
  }

  /**
   * The token at {@code point}, from 0 to 1, of the probabilities laid end to end.
   *
   * @param temperature what the logits are divided by
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

  /** Sets the weights, the largest of them 1, that are to each other as probabilities are. */
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
