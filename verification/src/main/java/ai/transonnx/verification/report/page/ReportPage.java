package ai.transonnx.verification.report.page;

import ai.transonnx.InputException;
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
    var title =
        "%s %s: %s"
            .formatted(
                verdict.passed() ? "✓" : "✗",
                Words.fileName(report.model().file()),
                verdict.sentence());
    return new PageFrame(title, report.run().tool())
        .html(new PageHeader(report, verdict, baseline)::write, sections(report, baseline));
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
}
