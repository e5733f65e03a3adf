package ai.transonnx.runtime.quality;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the predictions of a candidate are from those of a reference. Immutable; threads may
 * share it.
 *
 * @param candidate the candidate's file
 * @param reference the reference's file
 * @param context the maximum number of positions of a window; each window starts without a past
 * @param sequences the number of sequences
 * @param positions the number of positions at which both models were compared
 * @param divergence the Kullback-Leibler divergence of the candidate from the reference
 * @param top1 the share of positions at which both models have the same most likely token, from 0
 *     to 1; of equal logits, the first counts
 * @param perplexity the perplexities; null if a position depends on the tokens after it, so that
 *     the models do not predict the next token
 * @param distribution the number of positions by divergence, in ascending order
 * @param profile the divergence by position in the window, in ascending order
 */
public record QualityReport(
    String candidate,
    String reference,
    int context,
    int sequences,
    long positions,
    Divergence divergence,
    double top1,
    @Nullable Perplexity perplexity,
    List<DivergenceRange> distribution,
    List<PositionRange> profile) {
  public QualityReport {
    distribution = List.copyOf(distribution);
    profile = List.copyOf(profile);
  }

  /**
   * The Kullback-Leibler divergence over the positions, in nats: the sum over the vocabulary of p
   * (ln p - ln q), where p is the reference's probability and q the candidate's. It is infinite if
   * the candidate's logits are not finite.
   *
   * @param mean the mean
   * @param median the smallest divergence that half of the positions do not exceed
   * @param percentile99 the smallest divergence that 99 % of the positions do not exceed
   * @param largest the largest
   */
  public record Divergence(double mean, double median, double percentile99, double largest) {}

  /**
   * The perplexities over the tokens that follow the positions.
   *
   * @param reference the exponential of the mean negative log-probability of a token
   * @param candidate that of the candidate
   * @param ratio the candidate's divided by the reference's
   * @param error the standard error of the ratio, from the differences of the models'
   *     log-probabilities of each token; NaN if there is only one token
   */
  public record Perplexity(double reference, double candidate, double ratio, double error) {}

  /**
   * The positions whose divergence is in a range.
   *
   * @param from the inclusive start
   * @param to the exclusive end; infinite divergences are in the last range
   */
  public record DivergenceRange(double from, double to, long count) {}

  /**
   * The divergence at a range of positions in their windows.
   *
   * @param first the first position, counted from 0
   * @param last the last position
   * @param mean the mean divergence
   * @param largest the largest divergence
   */
  public record PositionRange(int first, int last, double mean, double largest) {}
}
