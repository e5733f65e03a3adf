package ai.transonnx.verification.report;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.runtime.quality.QualityMetric;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.QualityResult.Limit;
import ai.transonnx.verification.report.QualityResult.Limit.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A comparison as lines for a terminal. */
record QualityText(QualityResult result) {
  private static final String ROW = "  %-20s  %-18s  %-10s  %s";

  String table() {
    var report = result.quality();
    var lines = new ArrayList<String>();
    lines.add(
        "%s against %s: %s, %s, context %s"
            .formatted(
                report.candidate(),
                report.reference(),
                count(report.sequences(), "sequence"),
                count(report.positions(), "position"),
                Numbers.count(report.context())));
    var perplexity = report.perplexity();
    if (perplexity == null) {
      lines.add(
          row(
              "perplexity",
              "none: a position depends on the tokens after it, so it predicts none"));
    } else {
      lines.add(
          row(
              "perplexity",
              "%s, reference %s"
                  .formatted(
                      QualityResult.decimal(perplexity.candidate()),
                      QualityResult.decimal(perplexity.reference()))));
      lines.add(row(QualityMetric.PERPLEXITY, " ± " + Numbers.of(perplexity.error())));
    }
    List.of(
            QualityMetric.KLD,
            QualityMetric.KLD_MEDIAN,
            QualityMetric.KLD_P99,
            QualityMetric.KLD_MAX,
            QualityMetric.TOP1)
        .forEach(metric -> lines.add(row(metric, "")));
    if (!result.limits().isEmpty()) {
      lines.add(
          result.passed()
              ? "the quality gate holds"
              : "FAILED: the quality gate does not hold: " + verdict());
    }
    return lines.stream().map(Printable::message).collect(Collectors.joining("\n"));
  }

  private static String row(String label, String value) {
    return ROW.formatted(label, value, "", "").stripTrailing();
  }

  private String row(QualityMetric metric, String suffix) {
    var value = QualityResult.text(metric, metric.of(result.quality())) + suffix;
    return result.limits().stream()
        .filter(limit -> limit.metric() == metric)
        .findFirst()
        .map(
            limit ->
                ROW.formatted(
                    metric.label(),
                    value,
                    (metric.isMinimum() ? ">= " : "<= ")
                        + QualityResult.text(metric, limit.limit()),
                    limit.status() == Status.PASSED ? "passed" : "FAILED"))
        .orElseGet(() -> row(metric.label(), value));
  }

  String verdict() {
    return result.limits().stream()
        .sorted(Comparator.comparing(Limit::status).reversed())
        .map(QualityText::text)
        .collect(Collectors.joining("; "));
  }

  private static String text(Limit limit) {
    var metric = limit.metric();
    return "%s %s, limit %s%s"
        .formatted(
            metric.label(),
            QualityResult.text(metric, limit.value()),
            QualityResult.text(metric, limit.limit()),
            limit.status() == Status.PASSED ? " holds" : "");
  }

  private static String count(long count, String noun) {
    return Numbers.count(count) + " " + noun + (count == 1 ? "" : "s");
  }
}
