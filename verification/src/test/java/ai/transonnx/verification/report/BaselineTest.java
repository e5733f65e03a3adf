package ai.transonnx.verification.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.verification.report.RunnerReport.Status;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BaselineTest {
  private static final Baseline UPDATE =
      Baseline.compare(SampleReport.earlier(), SampleReport.failing());

  @ParameterizedTest
  @MethodSource("ai.transonnx.verification.report.SampleReport#all")
  void aReportDoesNotDriftFromItself(VerificationReport report) {
    var baseline = Baseline.compare(report, report);
    assertEquals(List.of(), baseline.changes());
    assertTrue(baseline.runners().stream().allMatch(runner -> runner.drifts().isEmpty()));
    assertTrue(baseline.runners().stream().allMatch(runner -> runner.fingerprint().isEmpty()));
    assertFalse(baseline.hasNewFailures());
  }

  @Test
  void newFailuresOfARuntimeAreFound() {
    var node = runner(UPDATE, "node");
    assertTrue(UPDATE.hasNewFailures());
    assertTrue(node.newlyFails());
    assertEquals(182, node.compared());
    assertEquals(105, node.newlyFailing());
    assertEquals(0, node.newlyPassing());
    var worst = node.drifts().get(0);
    assertTrue(node.drifts().stream().allMatch(drift -> drift.change() <= worst.change()));
  }

  @Test
  void failuresThatAreGoneAreFound() {
    var baseline = Baseline.compare(SampleReport.failing(), SampleReport.earlier());
    assertFalse(baseline.hasNewFailures());
    assertEquals(105, runner(baseline, "node").newlyPassing());
  }

  @Test
  void aChangedFingerprintIsReported() {
    assertTrue(
        runner(UPDATE, "node")
            .fingerprint()
            .contains(new ReportChange("version", "1.29.0", "1.30.0")));
  }

  @Test
  void otherInputsAreReported() {
    assertEquals(List.of(new ReportChange("seed", "6", "7")), UPDATE.changes());
    var names =
        Baseline.compare(SampleReport.mismatched(), SampleReport.small()).changes().stream()
            .map(ReportChange::name)
            .toList();
    assertEquals(List.of("structure", "calls", "SHA-256 of the inputs"), names);
  }

  @Test
  void runtimesOfOneReportHaveNoDrift() {
    var python = runner(UPDATE, "python");
    assertEquals(Status.PASSED, python.before());
    assertEquals("not in this report", python.summary());
    assertEquals(List.of(), python.drifts());
    assertEquals("not in the earlier report", runner(UPDATE, "web-wasm").summary());
    assertEquals(List.of(), runner(UPDATE, "web-wasm").drifts());
  }

  @Test
  void aRuntimeThatIsNewAndFailsIsANewFailure() {
    assertTrue(runner(UPDATE, "exec:./build/my-runner --fast").newlyFails());
  }

  @Test
  void aTensorThatIsNewAndWrongIsANewFailure() {
    var tensor = SampleReport.mismatched().runners().get(0).calls().get(0).tensors().get(0);
    var drift = new TensorDrift("prefill", "logits", null, tensor);
    assertTrue(drift.newlyFails());
    assertEquals(Double.POSITIVE_INFINITY, drift.change());
  }

  @Test
  void aStructureThatBecomesWrongIsANewFailure() {
    var wrong = SampleReport.wrongStructure();
    var right =
        new VerificationReport(
            wrong.format(),
            wrong.run(),
            wrong.model(),
            wrong.reference(),
            new StructureReport("", 0, 0, null),
            wrong.calls(),
            wrong.runners(),
            wrong.seed(),
            wrong.factor());
    assertTrue(Baseline.compare(right, wrong).hasNewFailures());
    assertFalse(Baseline.compare(wrong, right).hasNewFailures());
  }

  @Test
  void theLinesNameChangesAndTheLargestDrifts() {
    var lines = UPDATE.lines();
    assertEquals(
        "compared with the report of 2026-10-02T08:00:00Z by transonnx 0.0.9", lines.get(0));
    assertTrue(lines.contains("  seed: 6 -> 7"));
    assertTrue(lines.contains("cpu:all: passed; no drift in 70 tensors"));
    assertTrue(
        lines.contains(
            "node: failed (before: passed); 182 of 182 tensors drifted, 105 newly fail"));
    assertTrue(lines.contains("  version: 1.29.0 -> 1.30.0"));
    assertTrue(lines.contains("python: not in this report"));
    var node = lines.indexOf("  version: 1.29.0 -> 1.30.0");
    assertTrue(
        lines.subList(node, lines.size()).stream()
            .anyMatch(line -> line.contains("0.12 -> 66 times")));
  }

  private static RunnerDrift runner(Baseline baseline, String name) {
    return baseline.runners().stream()
        .filter(runner -> runner.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
