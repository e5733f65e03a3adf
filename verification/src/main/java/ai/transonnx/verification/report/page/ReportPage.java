package ai.transonnx.verification.report.page;

import ai.transonnx.InputException;
import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.ReportFile;
import ai.transonnx.verification.report.Baseline;
import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.VerificationReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A report as one page of HTML that needs no other file, no network and no script. Small reports
 * are shown completely; of large ones, the worst tensors.
 *
 * <p>Has no state, so threads may share it.
 */
public final class ReportPage {
  private ReportPage() {}

  /**
   * Writes the page to a file, which replaces an existing one when it is complete.
   *
   * @throws InputException if the file cannot be written
   */
  public static void write(VerificationReport report, Path file) {
    ReportFile.write(file, writer -> writer.write(html(report)));
  }

  /**
   * Writes the page with the drift since an earlier report.
   *
   * @throws InputException if the file cannot be written
   */
  public static void write(VerificationReport report, Baseline baseline, Path file) {
    ReportFile.write(file, writer -> writer.write(html(report, baseline)));
  }

  /** The page. */
  public static String html(VerificationReport report) {
    return page(report, null);
  }

  /** The page with the drift since an earlier report. */
  public static String html(VerificationReport report, Baseline baseline) {
    return page(report, baseline);
  }

  private static String page(VerificationReport report, @Nullable Baseline baseline) {
    var verdict = Verdict.of(report);
    var sections = sections(report, baseline);
    var html = new Markup().trusted("<!DOCTYPE html>").line();
    html.open("html").attribute("lang", "en").line();
    writeHead(html, report, verdict);
    html.open("body").line();
    new PageHeader(report, verdict, baseline).write(html);
    writeContents(html, sections);
    html.open("main").line();
    for (var section : sections) {
      html.open("section").attribute("id", section.id());
      html.attribute("aria-labelledby", section.id() + "-title").line();
      html.open("h2").attribute("id", section.id() + "-title").text(section.title()).closeTag();
      section.write(html.line());
      html.closeTag().line();
    }
    return html.closeTag().line().closeTag().closeTag().line().toString();
  }

  private static List<Section> sections(VerificationReport report, @Nullable Baseline baseline) {
    var sections = new ArrayList<Section>();
    if (report.runners().stream().map(RunnerReport::divergence).anyMatch(Objects::nonNull)) {
      sections.add(new DivergenceSection(report));
    }
    sections.add(new MatrixSection(report));
    if (baseline != null) {
      sections.add(new BaselineSection(baseline));
    }
    if (report.structure() != null) {
      sections.add(new StructureSection(report.structure()));
    }
    sections.add(TensorSection.of(report));
    sections.add(new RuntimeSection(report));
    sections.add(new ReproduceSection(report));
    sections.add(new TermsSection(report));
    return sections;
  }

  private static void writeHead(Markup html, VerificationReport report, Verdict verdict) {
    html.open("head").line().open("meta").attribute("charset", "utf-8").close().line();
    html.open("meta").attribute("http-equiv", "Content-Security-Policy");
    html.attribute("content", PageStyle.policy()).close().line();
    meta(html, "viewport", "width=device-width, initial-scale=1");
    meta(html, "color-scheme", "light dark");
    meta(html, "referrer", "no-referrer");
    meta(html, "generator", report.run().tool());
    html.element(
        "title",
        "%s %s: %s"
            .formatted(
                verdict.passed() ? "✓" : "✗",
                Words.fileName(report.model().file()),
                verdict.sentence()));
    html.line().open("style").trusted(PageStyle.css()).closeTag().line().closeTag().line();
  }

  private static void meta(Markup html, String name, String content) {
    html.open("meta").attribute("name", name).attribute("content", content).close().line();
  }

  private static void writeContents(Markup html, List<Section> sections) {
    html.open("nav").attribute("aria-label", "Contents").open("ul").line();
    for (var section : sections) {
      html.open("li").open("a").attribute("href", "#" + section.id());
      html.text(section.title()).closeTag().closeTag().line();
    }
    html.closeTag().closeTag().line();
  }
}
