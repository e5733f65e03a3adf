package ai.transonnx.verification.report.page;

import ai.transonnx.InputException;
import ai.transonnx.runtime.quality.QualityMetric;
import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.internal.form.ReportFile;
import ai.transonnx.verification.report.QualityResult;
import ai.transonnx.verification.report.QualityResult.Limit.Status;
import java.nio.file.Path;
import java.util.List;

/**
 * The comparison of two models as one page of HTML that needs no other file, no network and no
 * script: the figures, the distribution of the divergence, and the divergence by position.
 *
 * <p>Has no state, so threads may share it.
 */
public final class QualityPage {
  private QualityPage() {}

  /**
   * Writes the page to a file, which replaces an existing one when it is complete.
   *
   * @throws InputException if the file cannot be written
   */
  public static void write(QualityResult result, Path file) {
    ReportFile.write(file, writer -> writer.write(html(result)));
  }

  /** The page. */
  public static String html(QualityResult result) {
    var name = Words.fileName(result.candidate());
    var title =
        result.limits().isEmpty()
            ? "%s: %s".formatted(name, sentence(result))
            : "%s %s: %s".formatted(result.passed() ? "✓" : "✗", name, sentence(result));
    return new PageFrame(title, result.tool())
        .html(
            html -> writeHeader(html, result),
            List.of(
                new QualityFiguresSection(result),
                new DivergenceDistribution(result.quality()),
                new DivergenceProfile(result.quality())));
  }

  private static String sentence(QualityResult result) {
    if (result.limits().isEmpty()) {
      return "mean divergence " + Numbers.of(QualityMetric.KLD.of(result.quality()));
    }
    if (result.passed()) {
      return "The quality gate holds";
    }
    long failed = result.limits().stream().filter(limit -> limit.status() == Status.FAILED).count();
    return "%s of %s %s not hold"
        .formatted(
            failed, Words.count(result.limits().size(), "limit"), failed == 1 ? "does" : "do");
  }

  private static void writeHeader(Markup html, QualityResult result) {
    var report = result.quality();
    html.open("header", "page").line();
    html.element("p", "overline", "Compared by " + result.tool()).line();
    html.element("h1", Words.name(Words.fileName(report.candidate()))).line();
    html.open("p", "model").text("Against ");
    Words.writeCode(html, "value", Words.name(report.reference()));
    html.text(
        " over %s of %s in windows of up to %s"
            .formatted(
                Words.count(report.positions(), "position"),
                Words.count(report.sequences(), "sequence"),
                Numbers.count(report.context())));
    html.closeTag().line();
    if (!result.limits().isEmpty()) {
      new Verdict(result.passed(), sentence(result)).write(html);
    }
    html.closeTag().line();
  }
}
