package ai.transonnx.verification;

import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.run.ExpectedCalls;
import ai.transonnx.verification.internal.run.RunnerTrial;
import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.RunnerReport.CallReport;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import ai.transonnx.verification.runner.RunnerFingerprint;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a file in one runtime.
 *
 * @param search finds where a failure begins
 * @param requiresRunner whether a runtime that is not installed is a failure
 */
record RunnerVerification(
    Path file,
    CallModel facts,
    ExpectedCalls expected,
    FaultSearch search,
    boolean requiresRunner) {
  RunnerReport of(RunnerRequest request) {
    long start = System.nanoTime();
    ModelRunner runner;
    try {
      runner = request.opener().get();
    } catch (MissingRunnerException e) {
      var status = requiresRunner ? Status.FAILED : Status.MISSING;
      return unstarted(request, status, e, e.install());
    } catch (RunnerException e) {
      return unstarted(request, Status.FAILED, e, null);
    }
    try {
      return run(request.name(), runner, start);
    } finally {
      if (request.isOwned()) {
        runner.close();
      }
    }
  }

  private static RunnerReport unstarted(
      RunnerRequest request, Status status, RunnerException e, @Nullable String install) {
    return new RunnerReport(
        request.name(), status, e.getMessage(), install, null, List.of(), null, 0);
  }

  private RunnerReport run(String name, ModelRunner runner, long start) {
    var trial = new RunnerTrial(facts, expected);
    String failure;
    RunnerFingerprint fingerprint = null;
    try {
      fingerprint = runner.fingerprint();
      try (var model = runner.load(file)) {
        trial.run(model);
      }
      failure = trial.failure();
    } catch (RunnerException e) {
      failure = e.getMessage();
    }
    boolean passed = failure == null && trial.reports().stream().allMatch(CallReport::passed);
    return new RunnerReport(
        name,
        passed ? Status.PASSED : Status.FAILED,
        failure,
        null,
        fingerprint,
        trial.reports(),
        passed ? null : search.in(runner, trial.reports()),
        (System.nanoTime() - start) / 1e9);
  }
}
