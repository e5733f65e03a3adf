package ai.transonnx.verification.report;

import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.runner.RunnerFingerprint;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The results of a runtime in two reports. Immutable, so threads may share it.
 *
 * @param name in {@code --on}
 * @param before its result in the earlier report; null if it is not in it
 * @param after its result in the later report; null if it is not in it
 * @param fingerprint the facts about the runtime that changed
 * @param compared the number of tensors that both reports have
 * @param drifts the tensors whose errors differ, or that one report does not have; the largest
 *     change first
 */
public record RunnerDrift(
    String name,
    @Nullable Status before,
    @Nullable Status after,
    List<ReportChange> fingerprint,
    long compared,
    List<TensorDrift> drifts) {
  /** A tensor of a call. */
  private record Key(String call, String tensor) {}

  public RunnerDrift {
    fingerprint = List.copyOf(fingerprint);
    drifts = List.copyOf(drifts);
  }

  /** The drift of a runtime; a result that only one of the reports has is no drift. */
  static RunnerDrift between(
      String name, @Nullable RunnerReport before, @Nullable RunnerReport after) {
    var old = tensors(before);
    var now = tensors(after);
    var drifts = old.isEmpty() || now.isEmpty() ? List.<TensorDrift>of() : drifts(old, now);
    var oldFacts = facts(before);
    var nowFacts = facts(after);
    return new RunnerDrift(
        name,
        before == null ? null : before.status(),
        after == null ? null : after.status(),
        oldFacts.isEmpty() || nowFacts.isEmpty()
            ? List.of()
            : ReportChange.between(oldFacts, nowFacts),
        now.keySet().stream().filter(old::containsKey).count(),
        drifts);
  }

  private static List<TensorDrift> drifts(
      Map<Key, TensorReport> before, Map<Key, TensorReport> after) {
    var keys = new LinkedHashSet<>(after.keySet());
    keys.addAll(before.keySet());
    return keys.stream()
        .filter(key -> differs(before.get(key), after.get(key)))
        .map(key -> new TensorDrift(key.call(), key.tensor(), before.get(key), after.get(key)))
        .sorted(Comparator.comparingDouble(TensorDrift::change).reversed())
        .toList();
  }

  private static Map<Key, TensorReport> tensors(@Nullable RunnerReport runner) {
    var tensors = new LinkedHashMap<Key, TensorReport>();
    if (runner != null) {
      for (var call : runner.calls()) {
        call.tensors().forEach(tensor -> tensors.put(new Key(call.label(), tensor.name()), tensor));
      }
    }
    return tensors;
  }

  private static boolean differs(@Nullable TensorReport before, @Nullable TensorReport after) {
    return before == null
        || after == null
        || !Objects.equals(before.error(), after.error())
        || !Objects.equals(before.mismatch(), after.mismatch())
        || Double.compare(before.ratio(), after.ratio()) != 0;
  }

  private static Map<String, String> facts(@Nullable RunnerReport runner) {
    RunnerFingerprint fingerprint = runner == null ? null : runner.fingerprint();
    if (fingerprint == null) {
      return Map.of();
    }
    var facts = new LinkedHashMap<String, String>();
    facts.put("runtime", fingerprint.runtime());
    facts.put("version", fingerprint.version());
    facts.put("provider", fingerprint.provider());
    facts.putAll(fingerprint.properties());
    return facts;
  }

  /** Whether the runtime fails, and did not before. */
  public boolean newlyFails() {
    return after == Status.FAILED && before != Status.FAILED;
  }

  /** The number of tensors that are outside of their tolerance and were not before. */
  public long newlyFailing() {
    return drifts.stream().filter(TensorDrift::newlyFails).count();
  }

  /** The number of tensors that are within their tolerance and were not before. */
  public long newlyPassing() {
    return drifts.stream().filter(TensorDrift::newlyPasses).count();
  }

  /** One line, such as {@code fails, passed before; 12 of 42 tensors drifted, 8 newly fail}. */
  public String summary() {
    if (before == null || after == null) {
      return before == null ? "not in the earlier report" : "not in this report";
    }
    var text = new StringBuilder(after.label());
    if (before != after) {
      text.append(" (before: ").append(before.label()).append(')');
    }
    text.append("; ");
    text.append(drifts.isEmpty() ? "no drift in " : Numbers.count(drifts.size()) + " of ");
    text.append(Numbers.count(compared)).append(" tensors");
    text.append(drifts.isEmpty() ? "" : " drifted");
    append(text, newlyFailing(), " newly fail");
    append(text, newlyPassing(), " newly pass");
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String words) {
    if (count > 0) {
      text.append(", ").append(Numbers.count(count)).append(words);
    }
  }
}
