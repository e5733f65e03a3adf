package ai.transonnx.verification.report.page;

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

  static long count(VerificationReport report, Status status) {
    return report.runners().stream().filter(runner -> runner.status() == status).count();
  }
}
