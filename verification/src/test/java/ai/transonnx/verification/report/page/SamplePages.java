package ai.transonnx.verification.report.page;

import ai.transonnx.verification.report.Baseline;
import ai.transonnx.verification.report.ReportJson;
import ai.transonnx.verification.report.SampleReport;
import java.nio.file.Path;

/** Writes pages of made-up reports, or of one read from JSON, into a folder, to look at them. */
final class SamplePages {
  private SamplePages() {}

  public static void main(String[] arguments) {
    var folder = Path.of(arguments[0]);
    if (arguments.length > 1) {
      var report = ReportJson.read(Path.of(arguments[1]));
      ReportPage.write(report, folder.resolve("report.html"));
      return;
    }
    ReportPage.write(SampleReport.passing(), folder.resolve("passing.html"));
    ReportPage.write(SampleReport.failing(), folder.resolve("failing.html"));
    var baseline = Baseline.compare(SampleReport.earlier(), SampleReport.failing());
    ReportPage.write(SampleReport.failing(), baseline, folder.resolve("drift.html"));
    baseline.lines().forEach(System.out::println);
    ReportPage.write(SampleReport.large(), folder.resolve("large.html"));
    ReportPage.write(SampleReport.wrongStructure(), folder.resolve("structure.html"));
    ReportPage.write(SampleReport.mismatched(), folder.resolve("mismatched.html"));
    ReportPage.write(SampleReport.hostile(), folder.resolve("hostile.html"));
  }
}
