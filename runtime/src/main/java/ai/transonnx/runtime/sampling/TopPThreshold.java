package ai.transonnx.runtime.sampling;

/**
 * Keeps the most likely tokens until their probabilities add up to more than {@code 1 - threshold},
 * including the token that exceeds it: the {@code top_p} of block-recurrent and of x-transformers
 * before 1.22.3. It is the complement of {@link TopP}, which counts in the usual direction.
 *
 * <pre>{@code
 * new TopPThreshold(0.9); // keeps 10 % of the probability
 * new TopPThreshold(1.1); // RequestException
 * }</pre>
 *
 * @param threshold the part of the probability that is dropped, from 0 to 1
 */
public record TopPThreshold(double threshold) implements Filter {
  /**
   * @throws ai.transonnx.runtime.RequestException if {@code threshold} is not from 0 to 1
   */
  public TopPThreshold {
    Checks.fraction("top-p threshold", threshold);
  }

  @Override
  public void apply(Candidates candidates) {
    candidates.keepMass(1 - threshold);
  }
}
