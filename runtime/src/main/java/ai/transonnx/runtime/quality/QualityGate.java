package ai.transonnx.runtime.quality;

import ai.transonnx.runtime.RequestException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Limits that a {@link QualityReport} must hold. Immutable; threads may share it.
 *
 * <pre>{@code
 * var gate = QualityGate.of("kld=0.01,perplexity=1.01,top1=0.95");
 * gate.failures(report); // empty if all limits hold
 * QualityGate.of("kld=-1"); // RequestException: the gate's kld is '-1'; it must be ...
 * }</pre>
 *
 * @param limits the limit of each metric: the largest allowed value, or the smallest for {@link
 *     QualityMetric#TOP1}
 */
public record QualityGate(Map<QualityMetric, Double> limits) {
  /**
   * A gate.
   *
   * @throws RequestException if there is no limit, or one is negative, or not finite, or above 1
   *     for {@link QualityMetric#TOP1}
   */
  public QualityGate {
    if (limits.isEmpty()) {
      throw new RequestException("a gate needs a limit, such as kld=0.01");
    }
    limits = Collections.unmodifiableMap(new EnumMap<>(limits));
    limits.forEach((metric, limit) -> check(metric, limit, limit.toString()));
  }

  /**
   * A gate of a text such as {@code kld=0.01,top1=0.95}, with keys of {@link QualityMetric}.
   *
   * @throws RequestException if the text has another form, an unknown key, a key twice, or a value
   *     that is no possible limit; the message names it
   */
  public static QualityGate of(String text) {
    var limits = new EnumMap<QualityMetric, Double>(QualityMetric.class);
    for (var part : text.split(",", -1)) {
      int split = part.indexOf('=');
      if (split < 0) {
        throw new RequestException(
            "the gate has '%s'; it must be limits such as kld=0.01,top1=0.95".formatted(part));
      }
      var metric = QualityMetric.of(part.substring(0, split).strip());
      if (limits.put(metric, limit(metric, part.substring(split + 1).strip())) != null) {
        throw new RequestException("the gate has two limits of " + metric.key());
      }
    }
    return new QualityGate(limits);
  }

  private static double limit(QualityMetric metric, String text) {
    try {
      double limit = Double.parseDouble(text);
      check(metric, limit, text);
      return limit;
    } catch (NumberFormatException e) {
      throw wrong(metric, text);
    }
  }

  private static void check(QualityMetric metric, double limit, String text) {
    double most = metric == QualityMetric.TOP1 ? 1 : Double.MAX_VALUE;
    if (!(limit >= 0 && limit <= most)) {
      throw wrong(metric, text);
    }
  }

  private static RequestException wrong(QualityMetric metric, String text) {
    return new RequestException(
        "the gate's %s is '%s'; it must be a number %s"
            .formatted(
                metric.key(), text, metric == QualityMetric.TOP1 ? "from 0 to 1" : "of 0 or more"));
  }

  /** A figure that is beyond its limit. */
  public record Failure(QualityMetric metric, double value, double limit) {}

  /**
   * The limits that do not hold, in the order of the metrics. A figure that is no number holds no
   * limit.
   *
   * @throws RequestException if the perplexity is limited and the report has none
   */
  public List<Failure> failures(QualityReport report) {
    var failures = new ArrayList<Failure>();
    limits.forEach(
        (metric, limit) -> {
          double value = metric.of(report);
          boolean holds = metric.isMinimum() ? value >= limit : value <= limit;
          if (!holds) {
            failures.add(new Failure(metric, value, limit));
          }
        });
    return failures;
  }
}
