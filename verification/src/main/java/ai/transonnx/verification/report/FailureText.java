package ai.transonnx.verification.report;

import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.RunnerReport.CallReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Failures as lines of text. Has no state, so threads may share it. */
final class FailureText {
  private FailureText() {}

  /** The worst tensor of a failed call, in one line. */
  static String message(CallReport call) {
    return call.tensors().stream()
        .filter(tensor -> !tensor.passed())
        .max(Comparator.comparingDouble(TensorReport::ratio))
        .orElseThrow()
        .summary();
  }

  /** Every tensor outside of its tolerance, and where the fault begins if it was searched for. */
  static String of(RunnerReport runner, CallReport call) {
    var lines = new ArrayList<String>();
    for (var tensor : call.tensors()) {
      if (!tensor.passed()) {
        lines.add(tensor.summary());
        lines.add("  rounding alone causes " + Numbers.of(tensor.rounding()));
        for (var element : tensor.worst()) {
          lines.add(
              "  at %s: %s instead of %s"
                  .formatted(
                      element.index(),
                      Numbers.exact(element.actual()),
                      Numbers.exact(element.expected())));
        }
      }
    }
    var divergence = runner.divergence();
    if (divergence != null && divergence.call().equals(call.call())) {
      add(divergence, lines);
    }
    return String.join("\n", lines);
  }

  /** The error of a structure, and where it begins. */
  static String of(StructureReport structure, Divergence divergence) {
    var lines = new ArrayList<String>();
    lines.add(
        "%s: relative error %s; %s is allowed"
            .formatted(
                structure.description(),
                Numbers.of(structure.error()),
                Numbers.of(structure.tolerance())));
    add(divergence, lines);
    return String.join("\n", lines);
  }

  private static void add(Divergence divergence, List<String> lines) {
    lines.add("the error begins at %s".formatted(divergence.location()));
    lines.add("  " + divergence.description());
    if (divergence.reproduction() != null) {
      lines.add("  reproduction: " + divergence.reproduction());
    }
  }
}
