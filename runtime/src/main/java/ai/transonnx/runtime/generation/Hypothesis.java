package ai.transonnx.runtime.generation;

/**
 * A continuation of a prompt in a beam search.
 *
 * @param row its tokens and text
 * @param score the sum of the logarithms of its tokens' probabilities
 */
record Hypothesis(GeneratedRow row, double score) {
  /** Whether it has ended with a stop token or a stop text. */
  boolean isStopped() {
    return row.isStopped();
  }

  Beam result(FinishReason ending) {
    return new Beam(row.tokens(), score, isStopped() ? FinishReason.STOP : ending, row.text());
  }
}
