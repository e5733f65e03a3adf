package ai.transonnx.runtime.sampling;

/**
 * Keeps the tokens whose probability is at least {@code fraction} of the highest probability
 * (Nguyen et al., 2024): the {@code min_p} of x-transformers since 1.32.15.
 *
 * <pre>{@code
 * new MinP(0.1); // if the most likely token has 50 %, drops those below 5 %
 * new MinP(0); // drops nothing
 * new MinP(10); // RequestException
 * }</pre>
 *
 * @param fraction from 0 to 1; the library's default is 0.1
 */
public record MinP(double fraction) implements Filter {
  /**
   * @throws ai.transonnx.runtime.RequestException if {@code fraction} is not from 0 to 1
   */
  public MinP {
    Checks.fraction("min-p", fraction);
  }

  @Override
  public void apply(Candidates candidates) {
    double limit = fraction * candidates.maxProbability();
    candidates.keepProbable(probability -> probability >= limit);
  }
}
