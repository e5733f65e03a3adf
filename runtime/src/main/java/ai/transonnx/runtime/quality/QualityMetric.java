package ai.transonnx.runtime.quality;

import ai.transonnx.runtime.RequestException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A figure of a {@link QualityReport} that a {@link QualityGate} can limit. */
public enum QualityMetric {
  /** The mean Kullback-Leibler divergence. */
  KLD("kld", "mean divergence"),
  /** The median divergence. */
  KLD_MEDIAN("kld-median", "median divergence"),
  /** The divergence that 99 % of the positions do not exceed. */
  KLD_P99("kld-p99", "99 % divergence"),
  /** The largest divergence. */
  KLD_MAX("kld-max", "largest divergence"),
  /** The ratio of perplexities. */
  PERPLEXITY("perplexity", "perplexity ratio"),
  /** The share of equal most likely tokens, of which the limit is the minimum. */
  TOP1("top1", "equal first tokens");

  private final String key;
  private final String label;

  QualityMetric(String key, String label) {
    this.key = key;
    this.label = label;
  }

  /** The name in a gate, such as {@code kld-p99}. */
  public String key() {
    return key;
  }

  /** The name for readers, such as {@code 99 % divergence}. */
  public String label() {
    return label;
  }

  /**
   * The figure of a report.
   *
   * @throws RequestException if the report has no perplexity
   */
  public double of(QualityReport report) {
    return switch (this) {
      case KLD -> report.divergence().mean();
      case KLD_MEDIAN -> report.divergence().median();
      case KLD_P99 -> report.divergence().percentile99();
      case KLD_MAX -> report.divergence().largest();
      case PERPLEXITY -> ratio(report);
      case TOP1 -> report.top1();
    };
  }

  /** Whether a limit is the smallest allowed value; otherwise, it is the largest. */
  public boolean isMinimum() {
    return this == TOP1;
  }

  /**
   * The metric of a name.
   *
   * @throws RequestException if there is none; the message lists all
   */
  static QualityMetric of(String key) {
    return Arrays.stream(values())
        .filter(metric -> metric.key.equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new RequestException(
                    "a gate has no '%s'; it can limit %s"
                        .formatted(
                            key,
                            Arrays.stream(values())
                                .map(QualityMetric::key)
                                .collect(Collectors.joining(", ")))));
  }

  private static double ratio(QualityReport report) {
    var perplexity = report.perplexity();
    if (perplexity == null) {
      throw new RequestException(
          "%s: it has no perplexity, because a position depends on the tokens after it; remove the limit of the perplexity"
              .formatted(report.reference()));
    }
    return perplexity.ratio();
  }
}
