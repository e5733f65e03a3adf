package ai.transonnx.runtime.quality;

/**
 * Compares two distributions of the next token, given as logits, in float64.
 *
 * @param divergence the Kullback-Leibler divergence of the candidate from the reference; infinite
 *     if the candidate's logits are not finite
 * @param isTopEqual whether both have the same largest logit, the first if several are equal
 * @param referenceLogSum the logarithm of the sum of the exponentials of the reference's logits;
 *     not finite if they are no distribution
 * @param candidateLogSum that of the candidate's
 */
record PositionComparison(
    double divergence, boolean isTopEqual, double referenceLogSum, double candidateLogSum) {
  static PositionComparison of(double[] reference, double[] candidate) {
    int referenceTop = top(reference);
    int candidateTop = top(candidate);
    double referenceMax = reference[referenceTop];
    double candidateMax = candidate[candidateTop];
    double referenceSum = 0;
    double candidateSum = 0;
    double weighted = 0; // the sum of exp(reference) times the difference of the logits
    for (int i = 0; i < reference.length; i++) {
      double p = Math.exp(reference[i] - referenceMax);
      double shifted = candidate[i] - candidateMax;
      referenceSum += p;
      candidateSum += Math.exp(shifted);
      weighted += p == 0 ? 0 : p * (reference[i] - referenceMax - shifted);
    }
    double divergence = weighted / referenceSum - Math.log(referenceSum) + Math.log(candidateSum);
    double candidateLogSum = candidateMax + Math.log(candidateSum);
    boolean isDistribution = Double.isFinite(candidateLogSum) && !Double.isNaN(divergence);
    return new PositionComparison(
        isDistribution ? Math.max(0, divergence) : Double.POSITIVE_INFINITY,
        isDistribution && referenceTop == candidateTop,
        referenceMax + Math.log(referenceSum),
        candidateLogSum);
  }

  private static int top(double... logits) {
    int top = 0;
    for (int i = 1; i < logits.length; i++) {
      top = logits[i] > logits[top] ? i : top;
    }
    return top;
  }
}
