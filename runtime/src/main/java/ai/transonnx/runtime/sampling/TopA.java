package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.RequestException;

/**
 * Keeps the tokens whose probability is at least {@code max ** power * ratio}, where max is the
 * highest probability: the {@code top_a} of x-transformers. As there, every kept logit is set to 1,
 * so the kept tokens are equally likely.
 *
 * @param power 0 or more; the library's default is 2
 * @param ratio from 0 to 1; the library's default is 0.02
 */
public record TopA(double power, double ratio) implements Filter {
  /**
   * @throws RequestException if {@code power} is negative or {@code ratio} not from 0 to 1
   */
  public TopA {
    if (!(power >= 0) || Double.isInfinite(power)) {
      throw new RequestException("top-a power is " + power + ", not a number of 0 or more");
    }
    Checks.fraction("top-a ratio", ratio);
  }

  @Override
  public void apply(Candidates candidates) {
    double limit = Math.pow(candidates.maxProbability(), power) * ratio;
    candidates.keepProbable(probability -> probability >= limit);
    candidates.equalize(1);
  }
}
