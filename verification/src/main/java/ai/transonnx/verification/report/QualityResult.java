package ai.transonnx.verification.report;

import ai.transonnx.export.ToolVersion;
import ai.transonnx.runtime.quality.QualityGate;
import ai.transonnx.runtime.quality.QualityMetric;
import ai.transonnx.runtime.quality.QualityReport;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.QualityResult.Limit.Status;
import java.util.List;
import java.util.Locale;

/**
 * The comparison of a candidate with a reference, with the limits of a gate if there is one. The
 * components are the keys of its JSON. Immutable; threads may share it.
 *
 * @param format the version of this structure, {@link #FORMAT}
 * @param tool the program that compared
 * @param quality all figures
 * @param limits the limits of the gate; empty without one
 */
public record QualityResult(int format, String tool, QualityReport quality, List<Limit> limits) {
  /** The current version of the JSON structure. */
  public static final int FORMAT = 1;

  public QualityResult {
    limits = List.copyOf(limits);
  }

  /** A limit of a figure. */
  public record Limit(QualityMetric metric, double limit, double value, Status status) {
    /** Whether the limit holds. */
    public enum Status {
      /** The figure is within its limit. */
      PASSED,
      /** The figure is beyond its limit. */
      FAILED
    }
  }

  /** A result without limits. */
  public static QualityResult of(QualityReport report) {
    return new QualityResult(FORMAT, currentTool(), report, List.of());
  }

  /**
   * A result with the limits of a gate.
   *
   * @throws ai.transonnx.runtime.RequestException if the perplexity is limited and the report has
   *     none
   */
  public static QualityResult of(QualityReport report, QualityGate gate) {
    var failed = gate.failures(report).stream().map(QualityGate.Failure::metric).toList();
    var limits =
        gate.limits().entrySet().stream()
            .map(
                limit ->
                    new Limit(
                        limit.getKey(),
                        limit.getValue(),
                        limit.getKey().of(report),
                        failed.contains(limit.getKey()) ? Status.FAILED : Status.PASSED))
            .toList();
    return new QualityResult(FORMAT, currentTool(), report, limits);
  }

  private static String currentTool() {
    return "transonnx " + ToolVersion.current();
  }

  /** This result with other names of the models. */
  public QualityResult withNames(String candidate, String reference) {
    var renamed =
        new QualityReport(
            candidate,
            reference,
            quality.context(),
            quality.sequences(),
            quality.positions(),
            quality.divergence(),
            quality.top1(),
            quality.perplexity(),
            quality.distribution(),
            quality.profile());
    return new QualityResult(format, tool, renamed, limits);
  }

  /** A figure for readers, such as {@code 0.00534}, {@code 1.00310} or {@code 96.34 %}. */
  public static String text(QualityMetric metric, double value) {
    return switch (metric) {
      case PERPLEXITY -> decimal(value);
      case TOP1 -> String.format(Locale.ROOT, "%.2f %%", 100 * value);
      case KLD, KLD_MEDIAN, KLD_P99, KLD_MAX -> Numbers.of(value);
    };
  }

  /** A perplexity or a ratio of perplexities for readers. */
  public static String decimal(double value) {
    return value < 1000 ? String.format(Locale.ROOT, "%.5f", value) : Numbers.of(value);
  }

  /** The candidate's file. */
  public String candidate() {
    return quality.candidate();
  }

  /** Whether all limits hold. */
  public boolean passed() {
    return limits.stream().allMatch(limit -> limit.status() == Status.PASSED);
  }

  /** The limits in one line, those that do not hold first. */
  public String verdict() {
    return new QualityText(this).verdict();
  }

  /** The figures as a table of a few lines, for a terminal. */
  public String summary() {
    return new QualityText(this).table();
  }
}
