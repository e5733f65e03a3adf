package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.Baseline;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.report.RunnerDrift;
import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.report.VerificationReport;
import ai.transonnx.verification.report.page.DivergenceSection.Located;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The first part of the page: the model, the verdict, and where each failure begins. */
record PageHeader(VerificationReport report, Verdict verdict, @Nullable Baseline baseline) {
  void write(Markup html) {
    html.open("header", "page").line();
    var model = report.model();
    html.open("p", "overline")
        .text("Verified ")
        .open("time")
        .attribute("datetime", report.run().time())
        .text(Words.time(report.run().time()))
        .closeTag()
        .text(" by " + report.run().tool());
    html.closeTag().line();
    html.element("h1", Words.name(Words.fileName(model.file()))).line();
    html.open("p", "model");
    html.text(model.className() == null ? "" : model.className() + " · ");
    html.text(
        "written by %s · %s · %s · opset %s · %s"
            .formatted(
                model.producer(),
                Words.count(model.parameters(), "parameter"),
                Words.count(model.nodes(), "node"),
                model.opset(),
                Numbers.bytes(model.bytes())));
    html.closeTag().line();
    verdict.write(html);
    writeReference(html);
    writeFindings(html);
    writeFigures(html);
    html.closeTag().line();
  }

  private void writeReference(Markup html) {
    var reference = report.reference();
    var text =
        switch (reference.kind()) {
          case TRUTH -> "Compared with %s.";
          case AGREEMENT ->
              "Compared with another runtime, which may be wrong as well: this is agreement, not"
                  + " proof. The reason: %s.";
        };
    html.element("p", "reference", text.formatted(reference.description()));
    html.line();
  }

  private void writeFindings(Markup html) {
    html.open("ul", "findings").line();
    var structure = report.structure();
    if (structure != null && structure.divergence() != null) {
      html.open("li").element("span", "who", "structure");
      writeWhere(html, structure.divergence(), "#structure-begins");
      html.closeTag().line();
    }
    for (var group : DivergenceSection.located(report)) {
      html.open("li");
      html.element("span", "who", names(group));
      writeWhere(html, group.get(0).divergence(), "#begins-" + group.get(0).index());
      html.closeTag().line();
    }
    for (var runner : report.runners()) {
      if (runner.status() == Status.FAILED && runner.divergence() == null) {
        html.open("li").element("span", "who", Words.name(runner.name()));
        html.element("span", "where", problem(runner)).closeTag().line();
      }
    }
    html.closeTag().line();
  }

  private static String names(List<Located> group) {
    return group.stream()
        .map(located -> Words.name(located.runner()))
        .collect(Collectors.joining(", "));
  }

  private static void writeWhere(Markup html, Divergence divergence, String link) {
    html.open("span", "where").text("The error begins in ");
    html.open("a").attribute("href", link);
    var module = divergence.module().isEmpty() ? divergence.node() : divergence.module();
    Words.writeCode(html, "value", Words.name(module));
    html.closeTag();
    html.text(", operator ").element("strong", Words.name(divergence.operator()));
    html.text(
        ": %s the tolerance, in %s."
            .formatted(
                Words.times(divergence.error() / divergence.tolerance()),
                Words.name(divergence.call())));
    html.closeTag();
  }

  private static String problem(RunnerReport runner) {
    if (runner.message() != null) {
      return runner.message();
    }
    var worst = CallMatrix.worst(runner);
    return worst == null ? "no call was compared" : worst.summary();
  }

  private void writeFigures(Markup html) {
    html.open("dl", "figures").line();
    figure(html, "Passed", Long.toString(Verdict.count(report, Status.PASSED)));
    figure(html, "Failed", Long.toString(Verdict.count(report, Status.FAILED)));
    figure(html, "Not installed", Long.toString(Verdict.count(report, Status.MISSING)));
    figure(html, "Calls", Integer.toString(report.calls().size()));
    long tensors =
        report.runners().stream()
            .flatMap(runner -> runner.calls().stream())
            .mapToLong(call -> call.tensors().size())
            .sum();
    figure(html, "Tensors compared", Numbers.count(tensors));
    long undecided = report.runners().stream().mapToLong(RunnerReport::undecided).sum();
    if (undecided > 0) {
      figure(html, "Undecided tensors", "? " + Numbers.count(undecided));
    }
    var worst =
        CallMatrix.worst(
            report.runners().stream()
                .flatMap(runner -> runner.calls().stream())
                .flatMap(call -> call.tensors().stream()));
    figure(html, "Worst output or state", worst == null ? "–" : Level.badge(worst));
    if (baseline != null) {
      long newlyFailing = baseline.runners().stream().mapToLong(RunnerDrift::newlyFailing).sum();
      figure(html, "Newly failing tensors", Numbers.count(newlyFailing));
    }
    html.closeTag().line();
  }

  private static void figure(Markup html, String name, String value) {
    html.open("div").element("dt", name).element("dd", value).closeTag().line();
  }
}
