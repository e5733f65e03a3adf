package ai.transonnx.verification.report;

import ai.transonnx.verification.report.RunnerReport.CallReport;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.report.VerificationReport.CallInputs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A runtime, or the check of the structure, as a suite of tests. Immutable, so threads may share
 * it.
 */
record JUnitSuite(
    String name, double seconds, Map<String, String> properties, List<TestCase> cases) {
  /** A test, and why it did not pass; null if it did. */
  record TestCase(String name, double seconds, @Nullable Problem problem) {
    boolean passed() {
      return problem == null;
    }
  }

  /** Why a test did not pass, in one line and at length. */
  record Problem(Kind kind, String message, String text) {}

  /** The elements of Surefire's schema. */
  enum Kind {
    FAILURE,
    ERROR,
    SKIPPED;

    String element() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  long count(Kind kind) {
    return cases.stream()
        .filter(test -> test.problem() != null && test.problem().kind() == kind)
        .count();
  }

  /** The suites of a report. */
  static List<JUnitSuite> of(VerificationReport report) {
    var suites = new ArrayList<JUnitSuite>();
    var structure = report.structure();
    if (structure != null) {
      suites.add(new JUnitSuite("structure", 0, properties(report), List.of(test(structure))));
    }
    for (var runner : report.runners()) {
      suites.add(of(report, runner));
    }
    return suites;
  }

  private static Map<String, String> properties(VerificationReport report) {
    var properties = new LinkedHashMap<String, String>();
    properties.put("model", report.model().file());
    properties.put("sha256", report.model().sha256());
    properties.put("reference", report.reference().description());
    properties.put("seed", Long.toString(report.seed()));
    return properties;
  }

  private static TestCase test(StructureReport structure) {
    var divergence = structure.divergence();
    var problem =
        divergence == null
            ? null
            : new Problem(
                Kind.FAILURE, divergence.description(), FailureText.of(structure, divergence));
    return new TestCase(structure.description(), 0, problem);
  }

  private static JUnitSuite of(VerificationReport report, RunnerReport runner) {
    var properties = properties(report);
    var fingerprint = runner.fingerprint();
    if (fingerprint != null) {
      properties.put("runtime", fingerprint.runtime());
      properties.put("version", fingerprint.version());
      properties.put("provider", fingerprint.provider());
      properties.putAll(fingerprint.properties());
    }
    var ran = runner.calls().stream().map(CallReport::call).collect(Collectors.toSet());
    var cases = new ArrayList<TestCase>();
    runner.calls().forEach(call -> cases.add(test(runner, call)));
    report.calls().stream()
        .map(CallInputs::name)
        .filter(call -> !ran.contains(call))
        .forEach(call -> cases.add(new TestCase(call, 0, notRun(runner))));
    if (runner.status() != Status.PASSED && cases.stream().allMatch(TestCase::passed)) {
      cases.add(new TestCase("runtime", 0, notRun(runner)));
    }
    return new JUnitSuite(runner.name(), runner.seconds(), properties, cases);
  }

  private static TestCase test(RunnerReport runner, CallReport call) {
    var problem =
        call.passed()
            ? null
            : new Problem(Kind.FAILURE, FailureText.message(call), FailureText.of(runner, call));
    return new TestCase(call.label(), call.seconds(), problem);
  }

  private static Problem notRun(RunnerReport runner) {
    var kind = runner.status() == Status.MISSING ? Kind.SKIPPED : Kind.ERROR;
    var message = runner.message() == null ? "the call was not run" : runner.message();
    var install = runner.install();
    return new Problem(
        kind, message, install == null ? message : message + "\ninstall it with: " + install);
  }
}
