package ai.transonnx.runtime.sampling;

/**
 * Nucleus sampling (Holtzman et al., 2020): keeps the most likely tokens until their probabilities
 * add up to more than {@code mass}, including the token that exceeds it. 0.95 keeps 95 % of the
 * probability, as in x-transformers since 1.22.3. {@link TopPThreshold} follows earlier releases.
 *
 * <pre>{@code
 * new TopP(0.95); // drops the least likely 5 %
 * new TopP(1); // drops nothing
 * new TopP(95); // RequestException
 * }</pre>
 *
 * @param mass from 0 to 1; 0 keeps the most likely token only
 */
public record TopP(double mass) implements Filter {
  /**
   * @throws ai.transonnx.runtime.RequestException if {@code mass} is not from 0 to 1
   */
  public TopP {
    Checks.fraction("top-p", mass);
  }

  @Override
  public void apply(Candidates candidates) {
    if (mass < 1) {
      candidates.keepMass(mass);
    }
  }
}
