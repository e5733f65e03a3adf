package ai.transonnx.verification.report;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.RunnerReport.CallReport;
import ai.transonnx.verification.report.RunnerReport.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A report as a few lines for a terminal: a line for each runtime, then the first difference. */
record SummaryText(VerificationReport report) {
  /** A longer name takes more room than the column has. */
  private static final int LONGEST_NAME = 24;

  String text() {
    var lines = new ArrayList<String>();
    lines.add(title());
    var structure = report.structure();
    if (structure != null) {
      lines.add(line("structure", isRight(), structure(structure)));
    }
    report.runners().forEach(runner -> lines.add(line(runner)));
    var divergence = structure == null ? null : structure.divergence();
    if (divergence != null) {
      lines.add("The structure differs first in " + divergence.location() + ":");
      add(divergence, lines);
    }
    firstFailure().ifPresent(runner -> addDifference(runner, lines));
    lines.add(conclusion());
    return lines.stream().map(Printable::message).collect(Collectors.joining("\n"));
  }

  private String title() {
    var model = report.model();
    var name = model.className() == null ? "" : model.className() + ", ";
    return "%s: %s%s parameters, opset %s; %s calls; the reference is %s"
        .formatted(
            model.file(),
            name,
            Numbers.count(model.parameters()),
            model.opset(),
            report.calls().size(),
            report.reference().description());
  }

  private static String structure(StructureReport structure) {
    return "%s: %s of the magnitude, %s allowed"
        .formatted(
            structure.description(),
            Numbers.of(structure.error()),
            Numbers.of(structure.tolerance()));
  }

  private String line(RunnerReport runner) {
    if (runner.status() == Status.MISSING) {
      return padded(runner.name()) + " missing  " + withInstall(runner);
    }
    var message = runner.message() == null ? worst(runner) : withInstall(runner);
    return line(runner.name(), runner.status() == Status.PASSED, message);
  }

  /** The message, without the name of the runtime, which begins the line already. */
  private static String withInstall(RunnerReport runner) {
    var message = String.valueOf(runner.message());
    var name = runner.name() + ": ";
    var reason = message.startsWith(name) ? message.substring(name.length()) : message;
    return runner.install() == null
        ? reason
        : "%s; install it with: %s".formatted(reason, runner.install());
  }

  private static String worst(RunnerReport runner) {
    var call = runner.calls().stream().max(Comparator.comparingDouble(SummaryText::ratio));
    var largest =
        call.map(
                worst ->
                    "at most %s %s the tolerance, %s in %s"
                        .formatted(
                            Numbers.of(ratio(worst)),
                            ratio(worst) > 1 ? "times" : "of",
                            worst(worst).name(),
                            worst.label()))
            .orElse("no calls");
    long undecided = runner.undecided();
    return undecided == 0
        ? largest
        : "%s; %s %s undecided: rounding decides"
            .formatted(largest, Numbers.count(undecided), undecided == 1 ? "value" : "values");
  }

  private static double ratio(CallReport call) {
    return call.tensors().isEmpty() ? 0 : worst(call).ratio();
  }

  private static TensorReport worst(CallReport call) {
    return call.tensors().stream()
        .max(Comparator.comparingDouble(TensorReport::ratio))
        .orElseThrow();
  }

  private String line(String name, boolean passed, String text) {
    return padded(name) + (passed ? " passed   " : " FAILED   ") + text;
  }

  private String padded(String name) {
    int width =
        report.runners().stream()
            .mapToInt(runner -> Math.min(runner.name().length(), LONGEST_NAME))
            .reduce("structure".length(), Math::max);
    return ("  %-" + width + "s").formatted(name);
  }

  private Optional<RunnerReport> firstFailure() {
    return report.runners().stream()
        .filter(runner -> runner.calls().stream().anyMatch(call -> !call.passed()))
        .findFirst();
  }

  private static void addDifference(RunnerReport runner, List<String> lines) {
    var call = runner.calls().stream().filter(one -> !one.passed()).findFirst().orElseThrow();
    var tensor = worst(call);
    lines.add("The first difference of %s is in %s:".formatted(runner.name(), call.label()));
    lines.add("  " + tensor.summary());
    var error = tensor.error();
    if (error != null && tensor.rounding() > 0) {
      lines.add(
          "  rounding alone causes %s: the error is %s times that"
              .formatted(Numbers.of(tensor.rounding()), Numbers.of(error / tensor.rounding())));
    }
    tensor.worst().stream()
        .limit(1)
        .forEach(
            element ->
                lines.add(
                    "  at %s: %s instead of %s"
                        .formatted(
                            element.index(),
                            Numbers.exact(element.actual()),
                            Numbers.exact(element.expected()))));
    var divergence = runner.divergence();
    if (divergence != null) {
      lines.add("  the error begins at " + divergence.location());
      add(divergence, lines);
    }
  }

  private static void add(Divergence divergence, List<String> lines) {
    lines.add("  " + divergence.description());
    if (divergence.reproduction() != null) {
      lines.add("  reproduction: " + divergence.reproduction());
    }
  }

  private String conclusion() {
    long passed = count(Status.PASSED);
    long missing = count(Status.MISSING);
    return String.format(
        Locale.ROOT,
        "%s on %s of %s runtimes%s",
        report.passed() ? "passed" : isRight() ? "FAILED: passed" : "FAILED: not its class; passed",
        passed,
        report.runners().size(),
        missing == 0 ? "" : ", " + missing + " missing");
  }

  private boolean isRight() {
    var structure = report.structure();
    return structure == null || structure.divergence() == null;
  }

  private long count(Status status) {
    return report.runners().stream().filter(runner -> runner.status() == status).count();
  }
}
