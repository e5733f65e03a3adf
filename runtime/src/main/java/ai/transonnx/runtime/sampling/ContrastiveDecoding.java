package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.RequestException;

/**
 * Contrasts the logits of an expert model with those of an amateur, a smaller model of the same
 * vocabulary (O'Brien and Lewis, 2023): the {@code contrastive_decode_fn} of x-transformers since
 * 1.22.1. A token's logit becomes {@code (1 + beta) * expert - beta * amateur}. Tokens whose
 * probability is less than {@code alpha} times the expert's highest are excluded.
 *
 * <pre>{@code
 * var contrast = ContrastiveDecoding.ofLibrary(); // alpha 0.1, beta 0.5
 * float[] logits = {2, 1.5f, -9};
 * contrast.apply(logits, new float[] {3, 1, -20}); // logits are {1.5, 1.75, -Infinity}
 * new ContrastiveDecoding(2, 0.5); // RequestException
 * }</pre>
 *
 * @param alpha from 0 to 1; 0 excludes no token
 * @param beta 0 or more; 0 leaves the expert's logits as they are
 */
public record ContrastiveDecoding(double alpha, double beta) {
  /**
   * @throws RequestException if {@code alpha} is not from 0 to 1, or {@code beta} is negative or
   *     not finite
   */
  public ContrastiveDecoding {
    Checks.fraction("contrastive alpha", alpha);
    if (!(beta >= 0) || Double.isInfinite(beta)) {
      throw new RequestException("contrastive beta is " + beta + ", not a number of 0 or more");
    }
  }

  /** The library's defaults: alpha 0.1 and beta 0.5. */
  public static ContrastiveDecoding ofLibrary() {
    return new ContrastiveDecoding(0.1, 0.5);
  }

  /**
   * Replaces the expert's logits with the contrasted ones; an excluded token's is negative
   * infinity.
   *
   * @param expert the logits of one position, one for each token
   * @param amateur as many
   * @throws RequestException if the numbers of logits differ
   */
  public void apply(float[] expert, float[] amateur) {
    if (expert.length != amateur.length) {
      throw new RequestException(
          "the expert has %s logits and the amateur %s; both models need the same vocabulary"
              .formatted(expert.length, amateur.length));
    }
    float highest = Float.NEGATIVE_INFINITY;
    for (float logit : expert) {
      highest = Math.max(highest, logit);
    }
    double cutoff = highest + Math.log(alpha);
    for (int i = 0; i < expert.length; i++) {
      boolean isExcluded = expert[i] < cutoff || expert[i] == Float.NEGATIVE_INFINITY;
      expert[i] =
          isExcluded
              ? Float.NEGATIVE_INFINITY
              : (float) ((1 + beta) * expert[i] - beta * amateur[i]);
    }
  }
}
