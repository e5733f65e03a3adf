package ai.transonnx.djl;

import java.util.List;

/**
 * The score of a text: how well the model predicts its tokens. Immutable; threads may share it.
 *
 * @param bits for each token except the first, minus the binary logarithm of its probability
 */
public record TextScore(List<Double> bits) {
  public TextScore {
    bits = List.copyOf(bits);
  }

  /** The natural logarithm of the probability of all tokens after the first. */
  public double logLikelihood() {
    return -Math.log(2) * bits.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** The mean of {@link #bits}. */
  public double bitsPerToken() {
    return bits.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
