package ai.transonnx.verification.report;

import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.VerificationReport.CallInputs;
import ai.transonnx.verification.report.VerificationReport.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The difference between a report and an earlier one: how errors drifted between versions of a
 * model, a runtime or a machine.
 *
 * <pre>{@code
 * var baseline = Baseline.compare(ReportJson.read(Path.of("old.json")), report);
 * baseline.lines().forEach(System.out::println);
 * }</pre>
 *
 * <p>Immutable, so threads may share it.
 *
 * @param run the run that made the earlier report
 * @param changes what changed in the model, the inputs or the reference; errors of other inputs are
 *     not comparable
 * @param runners the runtimes of both reports, those of the later one first
 */
public record Baseline(Run run, List<ReportChange> changes, List<RunnerDrift> runners) {
  private static final int MOST_LINES = 5;
  private static final String STRUCTURE = "structure";
  private static final String WRONG = "wrong";

  public Baseline {
    changes = List.copyOf(changes);
    runners = List.copyOf(runners);
  }

  /** Compares two reports by the names of their runtimes, calls and tensors. */
  public static Baseline compare(VerificationReport before, VerificationReport after) {
    var old = byName(before);
    var now = byName(after);
    var drifts = new ArrayList<RunnerDrift>();
    now.forEach((name, runner) -> drifts.add(RunnerDrift.between(name, old.get(name), runner)));
    old.forEach(
        (name, runner) -> {
          if (!now.containsKey(name)) {
            drifts.add(RunnerDrift.between(name, runner, null));
          }
        });
    return new Baseline(before.run(), ReportChange.between(facts(before), facts(after)), drifts);
  }

  private static Map<String, RunnerReport> byName(VerificationReport report) {
    return report.runners().stream()
        .collect(
            Collectors.toMap(
                RunnerReport::name, Function.identity(), (one, other) -> one, LinkedHashMap::new));
  }

  private static Map<String, String> facts(VerificationReport report) {
    var facts = new LinkedHashMap<String, String>();
    facts.put("SHA-256 of the model", report.model().sha256());
    facts.put("seed", Long.toString(report.seed()));
    facts.put("factor of the tolerance", Numbers.exact(report.factor()));
    facts.put("reference", report.reference().description());
    var structure = report.structure();
    if (structure != null) {
      facts.put(STRUCTURE, structure.divergence() == null ? "right" : WRONG);
    }
    var calls = report.calls();
    facts.put("calls", calls.stream().map(CallInputs::name).collect(Collectors.joining(", ")));
    facts.put("SHA-256 of the inputs", InputHash.ofTexts(calls.stream().map(CallInputs::sha256)));
    return facts;
  }

  /** Whether the structure, a runtime or a tensor fails that did not fail before. */
  public boolean hasNewFailures() {
    return changes.stream()
            .anyMatch(change -> change.name().equals(STRUCTURE) && WRONG.equals(change.after()))
        || runners.stream().anyMatch(runner -> runner.newlyFails() || runner.newlyFailing() > 0);
  }

  /** The differences as lines of text: what changed, and for each runtime its largest drifts. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add("compared with the report of %s by %s".formatted(run.time(), run.tool()));
    changes.forEach(change -> lines.add("  " + change));
    for (var runner : runners) {
      lines.add("%s: %s".formatted(runner.name(), runner.summary()));
      runner.fingerprint().forEach(change -> lines.add("  " + change));
      runner.drifts().stream()
          .limit(MOST_LINES)
          .forEach(drift -> lines.add("  " + drift.summary()));
    }
    return lines;
  }
}
