package ai.transonnx.cli;

import java.util.stream.DoubleStream;

/** The score of a sequence of tokens. Immutable. */
final class SequenceScore {
  private final long[] tokens;
  private final double[] logProbabilities;

  /**
   * A score.
   *
   * @param tokens 2 or more
   * @param logProbabilities of each token but the first, after those before it: natural logarithms
   */
  SequenceScore(long[] tokens, double... logProbabilities) {
    this.tokens = tokens.clone();
    this.logProbabilities = logProbabilities.clone();
  }

  long[] tokens() {
    return tokens.clone();
  }

  /** The natural logarithm of the probability of each token but the first. */
  double[] logProbabilities() {
    return logProbabilities.clone();
  }

  /** The number of tokens that have a probability. */
  int count() {
    return logProbabilities.length;
  }

  /** The natural logarithm of the probability of all tokens after the first. */
  double logProbability() {
    return DoubleStream.of(logProbabilities).sum();
  }
}
