package ai.transonnx.runtime.sampling;

/**
 * Keeps the likeliest tokens until their probabilities together exceed {@code 1 - threshold}, that
 * last one included: the {@code top_p} of x-transformers and block-recurrent. A high threshold
 * keeps few tokens: 0.9 keeps the nucleus of 0.1.
 *
 * @param threshold from 0 to 1
 */
public record TopP(double threshold) implements Filter {
  /**
   * @throws ai.transonnx.runtime.RequestException if {@code threshold} is not from 0 to 1
   */
  public TopP {
    Checks.fraction("top-p threshold", threshold);
  }

  @Override
  public void apply(Candidates candidates) {
    candidates.keepMass(1 - threshold);
  }
}
