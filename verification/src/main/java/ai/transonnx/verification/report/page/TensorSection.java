package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.report.VerificationReport;
import java.util.List;

/** The errors of each tensor in each runtime. */
record TensorSection(VerificationReport report, TensorSelection selection) implements Section {
  private static final int MOST_ROWS_AT_ONCE = 26;
  private static final List<String> TITLES =
      List.of(
          "Tensor",
          "Call",
          "Type and shape",
          "Magnitude",
          "Rounding",
          "Tolerance",
          "Error",
          "Error over tolerance");

  static TensorSection of(VerificationReport report) {
    return new TensorSection(report, TensorSelection.of(report));
  }

  @Override
  public String id() {
    return "tensors";
  }

  @Override
  public String title() {
    return "Tensors";
  }

  @Override
  public void write(Markup html) {
    html.element(
        "p",
        "lede",
        "Every output and state tensor"
            + (selection.hasAllCalls()
                ? "."
                : " in its worst call. The JSON of this report has all calls."));
    for (int i = 0; i < report.runners().size(); i++) {
      if (!report.runners().get(i).calls().isEmpty()) {
        write(html, report.runners().get(i), i);
      }
    }
  }

  private void write(Markup html, RunnerReport runner, int index) {
    boolean isFailed = runner.status() == Status.FAILED;
    html.open("details", isFailed ? "runtime failed" : "runtime passed");
    html.attribute("id", "tensors-" + index);
    if (isFailed) {
      html.attribute("open", "open");
    }
    var worst = CallMatrix.worst(runner);
    html.open("summary").element("span", "mark", isFailed ? "✗" : "✓").text(" ");
    html.element("strong", Words.name(runner.name())).text(" ");
    if (worst != null) {
      html.element("span", "badge " + Level.of(worst), Level.badge(worst));
      html.text(" in ").element("span", "code", Words.name(worst.name()));
    }
    html.closeTag().line();
    html.open("div", "cards").line();
    selection.details(runner).forEach(row -> new TensorCard(row).write(html));
    html.closeTag().line();
    writeRows(html, runner);
    html.closeTag().line();
  }

  private void writeRows(Markup html, RunnerReport runner) {
    var caption = "Tensors of " + Words.name(runner.name());
    var rows = selection.rows(runner);
    Tables.scroll(
        html,
        rows.size() > MOST_ROWS_AT_ONCE ? "scroll tall" : "scroll",
        caption,
        () -> {
          Tables.open(html, "plain values", caption);
          Tables.head(html, TITLES);
          html.open("tbody").line();
          rows.forEach(row -> write(html, row));
          html.closeTag().closeTag();
        });
    if (selection.isCut(runner)) {
      html.element("p", "note", "These are the worst; the JSON of this report has all tensors.");
    }
  }

  private static void write(Markup html, TensorRow row) {
    var tensor = row.tensor();
    html.open("tr");
    Tables.rowHeader(html, tensor.name());
    html.element("td", Words.name(row.call().label()));
    html.element("td", "shape", Words.name(tensor.type() + " " + tensor.shape()));
    html.element("td", "number", Numbers.column(tensor.magnitude()));
    html.element("td", "number", Numbers.column(tensor.rounding()));
    html.element("td", "number", Numbers.column(tensor.tolerance()));
    var error = tensor.error();
    html.element("td", "number", error == null ? "–" : Numbers.column(error));
    html.element("td", "number " + Level.of(tensor), Level.text(tensor));
    html.closeTag().line();
  }
}
