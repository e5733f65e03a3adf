package ai.transonnx.runtime.quality;

import ai.transonnx.runtime.quality.QualityReport.Divergence;
import ai.transonnx.runtime.quality.QualityReport.DivergenceRange;
import ai.transonnx.runtime.quality.QualityReport.Perplexity;
import ai.transonnx.runtime.quality.QualityReport.PositionRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects comparisons of positions; takes one float for each. For one thread. */
final class QualityFigures {
  private static final int MAX_RANGES = 64;

  /** Ranges of the distribution in a power of ten. */
  private static final int RANGES_OF_TEN = 4;

  /** A smaller divergence is rounding: it is in the first range. */
  private static final int SMALLEST_POWER = -10;

  private static final int LARGEST_POWER = 2;

  private final float[] divergences;
  private final double[] sums; // by position in the window
  private final double[] largest;
  private final long[] counts;
  private int positions;
  private double sum;
  private long equal;
  private long tokens;
  private double referenceLoss;
  private double candidateLoss;
  private double meanDifference;
  private double squares; // of the differences from their mean

  /**
   * No comparison yet.
   *
   * @param positions the number of comparisons that will be added
   * @param longest the number of positions of the longest window
   */
  QualityFigures(int positions, int longest) {
    this.divergences = new float[positions];
    this.sums = new double[longest];
    this.largest = new double[longest];
    this.counts = new long[longest];
  }

  /** Adds the comparison at a position of a window. */
  void add(int position, PositionComparison comparison) {
    double divergence = comparison.divergence();
    divergences[positions++] = (float) divergence;
    sum += divergence;
    equal += comparison.isTopEqual() ? 1 : 0;
    sums[position] += divergence;
    largest[position] = Math.max(largest[position], divergence);
    counts[position]++;
  }

  /** Adds the negative log-probabilities of a token, with Welford's update of the variance. */
  void addToken(double reference, double candidate) {
    tokens++;
    referenceLoss += reference;
    candidateLoss += candidate;
    double difference = candidate - reference;
    double before = difference - meanDifference;
    meanDifference += before / tokens;
    squares += before * (difference - meanDifference);
  }

  /** The perplexities of the tokens. */
  Perplexity perplexity() {
    double ratio = Math.exp((candidateLoss - referenceLoss) / tokens);
    double error = tokens < 2 ? Double.NaN : ratio * Math.sqrt(squares / (tokens - 1.0) / tokens);
    return new Perplexity(
        Math.exp(referenceLoss / tokens), Math.exp(candidateLoss / tokens), ratio, error);
  }

  /** The share of positions with equal most likely tokens. */
  double top1() {
    return (double) equal / positions;
  }

  /** The divergence over all positions. */
  Divergence divergence() {
    sort();
    return new Divergence(
        sum / positions, percentile(50), percentile(99), divergences[positions - 1]);
  }

  private void sort() {
    Arrays.sort(divergences, 0, positions);
  }

  private double percentile(int percent) {
    long rank = ((long) positions * percent + 99) / 100; // rounded up, counted from 1
    return divergences[(int) rank - 1];
  }

  /** The number of positions by divergence, from the first range that has one to the last. */
  List<DivergenceRange> distribution() {
    int last = (LARGEST_POWER - SMALLEST_POWER) * RANGES_OF_TEN;
    var inRange = new long[last + 1]; // the first begins with 0, the last has no end
    for (int i = 0; i < positions; i++) {
      double power = RANGES_OF_TEN * (Math.log10(divergences[i]) - SMALLEST_POWER);
      inRange[(int) Math.max(0, Math.min(last, Math.floor(power) + 1))]++;
    }
    var ranges = new ArrayList<DivergenceRange>();
    for (int i = 0; i <= last; i++) {
      if (inRange[i] > 0 || !ranges.isEmpty()) {
        ranges.add(
            new DivergenceRange(
                bound(i), i == last ? Double.POSITIVE_INFINITY : bound(i + 1), inRange[i]));
      }
    }
    while (ranges.get(ranges.size() - 1).count() == 0) {
      ranges.remove(ranges.size() - 1);
    }
    return ranges;
  }

  private static double bound(int range) {
    return range == 0 ? 0 : Math.pow(10, SMALLEST_POWER + (range - 1.0) / RANGES_OF_TEN);
  }

  /** The divergence by position in the window, in ranges of equal size. */
  List<PositionRange> profile() {
    int size = (counts.length + MAX_RANGES - 1) / MAX_RANGES;
    var ranges = new ArrayList<PositionRange>();
    for (int first = 0; first < counts.length; first += size) {
      int end = Math.min(first + size, counts.length);
      long count = Arrays.stream(counts, first, end).sum();
      if (count > 0) {
        ranges.add(
            new PositionRange(
                first,
                end - 1,
                Arrays.stream(sums, first, end).sum() / count,
                Arrays.stream(largest, first, end).max().orElse(0)));
      }
    }
    return ranges;
  }
}
