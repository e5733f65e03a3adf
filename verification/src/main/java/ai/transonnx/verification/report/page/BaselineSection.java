package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.Baseline;
import ai.transonnx.verification.report.ReportChange;
import ai.transonnx.verification.report.RunnerDrift;
import ai.transonnx.verification.report.RunnerReport.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How errors drifted since an earlier report. */
record BaselineSection(Baseline baseline) implements Section {
  private static final List<String> TITLES =
      List.of("Runtime", "Before", "Now", "Compared", "Drifted", "Newly fail", "Newly pass");

  @Override
  public String id() {
    return "drift";
  }

  @Override
  public String title() {
    return "Drift since the earlier report";
  }

  @Override
  public void write(Markup html) {
    var run = baseline.run();
    html.element(
        "p",
        "lede",
        "Compared with the report of %s by %s. %s"
            .formatted(
                Words.time(run.time()),
                run.tool(),
                baseline.changes().isEmpty()
                    ? "Model, calls, inputs and reference are the same."
                    : "These are not the same:"));
    if (!baseline.changes().isEmpty()) {
      writeChanges(html, "Changes of the model, the inputs and the reference", baseline.changes());
    }
    writeSummary(html);
    for (var runner : baseline.runners()) {
      if (!runner.drifts().isEmpty() || !runner.fingerprint().isEmpty()) {
        write(html, runner);
      }
    }
  }

  private static void writeChanges(Markup html, String caption, List<ReportChange> changes) {
    Tables.scroll(
        html,
        "scroll",
        caption,
        () -> {
          Tables.open(html, "plain", caption);
          Tables.head(html, List.of("Fact", "Before", "Now"));
          html.open("tbody").line();
          for (var change : changes) {
            html.open("tr");
            Tables.rowHeader(html, change.name());
            html.element("td", "changed", text(change.before()));
            html.element("td", "changed", text(change.after())).closeTag().line();
          }
          html.closeTag().closeTag();
        });
  }

  private static String text(@Nullable String fact) {
    return fact == null ? "–" : fact;
  }

  private void writeSummary(Markup html) {
    var caption = "Drift of each runtime";
    Tables.scroll(
        html,
        "scroll",
        caption,
        () -> {
          Tables.open(html, "plain values", caption);
          Tables.head(html, TITLES);
          html.open("tbody").line();
          for (var runner : baseline.runners()) {
            html.open("tr");
            Tables.rowHeader(html, runner.name());
            writeStatus(html, runner.before(), false);
            writeStatus(html, runner.after(), runner.newlyFails());
            html.element("td", "number", Numbers.count(runner.compared()));
            html.element("td", "number", Numbers.count(runner.drifts().size()));
            long newlyFailing = runner.newlyFailing();
            html.element(
                "td",
                newlyFailing == 0 ? "number" : "number f1",
                (newlyFailing == 0 ? "" : "✗ ") + Numbers.count(newlyFailing));
            html.element("td", "number", Numbers.count(runner.newlyPassing())).closeTag().line();
          }
          html.closeTag().closeTag();
        });
  }

  private static void writeStatus(Markup html, @Nullable Status status, boolean isNewFailure) {
    html.element(
        "td",
        isNewFailure ? "f1" : "status",
        (isNewFailure ? "✗ " : "") + (status == null ? "–" : status.label()));
  }

  private static void write(Markup html, RunnerDrift runner) {
    boolean fails = runner.newlyFails() || runner.newlyFailing() > 0;
    html.open("details", fails ? "runtime failed" : "runtime passed");
    if (fails) {
      html.attribute("open", "open");
    }
    html.open("summary").element("span", "mark", fails ? "✗" : "~").text(" ");
    html.element("strong", Words.name(runner.name())).text(": " + runner.summary()).closeTag();
    html.line();
    if (!runner.fingerprint().isEmpty()) {
      writeChanges(html, "Changes of the runtime " + runner.name(), runner.fingerprint());
    }
    if (!runner.drifts().isEmpty()) {
      DriftList.of(runner).write(html);
    }
    html.closeTag().line();
  }
}
