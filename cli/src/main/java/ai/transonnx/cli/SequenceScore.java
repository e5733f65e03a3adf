package ai.transonnx.cli;

import java.util.stream.DoubleStream;

/**
 * The score of a sequence of tokens.
 *
 * @param tokens 2 or more
 * @param logProbabilities of each token but the first, after those before it: natural logarithms
 */
record SequenceScore(long[] tokens, double... logProbabilities) {
  /** The number of tokens that have a probability. */
  int count() {
    return logProbabilities.length;
  }

  /** The natural logarithm of the probability of all tokens after the first. */
  double logProbability() {
    return DoubleStream.of(logProbabilities).sum();
  }
}
