package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.report.VerificationReport;
import ai.transonnx.verification.report.VerificationReport.Reference;

/** The result of a report in a sentence. Immutable. */
record Verdict(boolean passed, String sentence) {
  static Verdict of(VerificationReport report) {
    var structure = report.structure();
    long failed = count(report, Status.FAILED);
    long ran = failed + count(report, Status.PASSED);
    if (failed > 0) {
      return new Verdict(
          false, "Failed on %s of %s".formatted(failed, Words.count(ran, "runtime")));
    }
    if (structure != null && structure.divergence() != null) {
      return new Verdict(false, "Not the model that its metadata describe");
    }
    if (ran == 0) {
      return new Verdict(false, "No runtime was installed");
    }
    boolean isTruth = report.reference().kind() == Reference.Kind.TRUTH;
    return new Verdict(
        true,
        (isTruth ? "Right on " : "In agreement on ")
            + (ran == 1 ? "" : "all ")
            + Words.count(ran, "runtime"));
  }

  /** Writes the sentence, with a mark. */
  void write(Markup html) {
    html.open("p", passed ? "verdict passed" : "verdict failed");
    html.open("svg", "seal").attribute("viewBox", "0 0 32 32").attribute("aria-hidden", "true");
    if (passed) {
      html.open("circle").attribute("cx", "16").attribute("cy", "16").attribute("r", "15").close();
      html.open("path").attribute("d", "M9 16.5l5 5 9.5-11").close();
    } else {
      html.open("path", "shape").attribute("d", "M16 .5L31.5 16 16 31.5.5 16Z").close();
      html.open("path").attribute("d", "M11 11l10 10M21 11l-10 10").close();
    }
    html.closeTag().element("strong", sentence);
    html.closeTag().line();
  }

  static long count(VerificationReport report, Status status) {
    return report.runners().stream().filter(runner -> runner.status() == status).count();
  }
}
