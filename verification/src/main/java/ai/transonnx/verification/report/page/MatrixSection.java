package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.RunnerReport.Status;
import ai.transonnx.verification.report.TensorReport;
import ai.transonnx.verification.report.VerificationReport;
import ai.transonnx.verification.report.page.CallMatrix.Column;
import ai.transonnx.verification.report.page.CallMatrix.Row;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The error over tolerance of each call in each runtime. */
record MatrixSection(VerificationReport report) implements Section {
  private static final int MOST_LETTERS = 100;
  private static final int SPACE = 3;
  private static final int MOST_ROWS = 26;
  private static final String CAPTION = "Error over tolerance by call and runtime";

  @Override
  public String id() {
    return "calls";
  }

  @Override
  public String title() {
    return "Calls and runtimes";
  }

  @Override
  public void write(Markup html) {
    var matrix = CallMatrix.of(report);
    html.element(
        "p",
        "lede",
        "The largest error of each call, as a multiple of its tolerance. Up to 1 is within the"
            + " tolerance; ✗ marks more, ? values that rounding decides.");
    var classes = matrix.rows().size() > MOST_ROWS ? "scroll tall" : "scroll";
    Tables.scroll(html, classes, CAPTION, () -> writeTable(html, matrix));
    writeMissing(html);
    writeInputs(html);
  }

  private static void writeTable(Markup html, CallMatrix matrix) {
    int letters =
        matrix.columns().stream().mapToInt(column -> column.runner().name().length() + SPACE).sum();
    Tables.open(html, letters <= MOST_LETTERS ? "matrix" : "matrix vertical", CAPTION);
    html.open("thead").open("tr").open("th").attribute("scope", "col").text("Call").closeTag();
    for (var column : matrix.columns()) {
      var runner = column.runner();
      html.open("th", runner.status() == Status.FAILED ? "failed" : "passed");
      html.attribute("scope", "col").open("a");
      html.attribute("href", "#runtime-" + column.index());
      html.element("code", Words.name(runner.name()));
      html.closeTag().closeTag();
    }
    html.closeTag().closeTag().line().open("tbody").line();
    for (var row : matrix.rows()) {
      writeRow(html, matrix, row);
    }
    html.closeTag().open("tfoot").open("tr");
    html.open("th").attribute("scope", "row").text("Worst").closeTag();
    for (var column : matrix.columns()) {
      var worst = CallMatrix.worst(column.runner());
      if (column.calls().isEmpty()) {
        html.element("td", "f0", "✗ not run");
      } else {
        var title = worst == null ? "" : Words.name(worst.name());
        write(html, worst, column.runner().undecided(), title);
      }
    }
    html.closeTag().closeTag().closeTag();
  }

  private static void writeRow(Markup html, CallMatrix matrix, Row row) {
    html.open("tr").open("th").attribute("scope", "row").text(Words.name(row.call()));
    if (row.state() != null) {
      html.text(" ").element("small", row.state().label());
    }
    html.closeTag();
    for (var column : matrix.columns()) {
      writeCell(html, column, row);
    }
    html.closeTag().line();
  }

  private static void writeCell(Markup html, Column column, Row row) {
    var call = column.calls().get(row);
    if (call == null && column.ran(row.call())) {
      html.element("td", "none", "–"); // with another state
    } else if (call == null) {
      html.element("td", "f0", "✗ not run");
    } else {
      var worst = CallMatrix.worst(call.tensors().stream());
      var seconds = Numbers.seconds(call.seconds());
      write(
          html,
          worst,
          call.tensors().stream().filter(TensorReport::isUndecided).count(),
          worst == null ? seconds : Words.name(worst.name()) + ", " + seconds);
    }
  }

  private static void write(
      Markup html, @Nullable TensorReport worst, long undecided, String title) {
    html.open("td", worst == null ? "none" : Level.of(worst));
    html.attribute(
        "title",
        undecided == 0 ? title : "%s, %s undecided".formatted(title, Numbers.count(undecided)));
    html.text(worst == null ? "–" : Level.text(worst));
    html.text(undecided == 0 || worst == null || worst.isUndecided() ? "" : " ?").closeTag();
  }

  private void writeMissing(Markup html) {
    var missing =
        report.runners().stream()
            .filter(runner -> runner.status() == Status.MISSING)
            .map(RunnerReport::name)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      html.element("p", "note", "Not installed, therefore not compared: " + missing + ".");
    }
  }

  private void writeInputs(Markup html) {
    var caption = "Inputs of the calls";
    html.open("details").element("summary", caption);
    Tables.scroll(
        html,
        "scroll",
        caption,
        () -> {
          Tables.open(html, "plain", caption);
          Tables.head(html, List.of("Call", "Inputs", "SHA-256 of the inputs"));
          html.open("tbody");
          for (var call : report.calls()) {
            html.open("tr");
            Tables.rowHeader(html, call.name());
            html.element("td", call.description()).element("td", "hash", call.sha256());
            html.closeTag().line();
          }
          html.closeTag().closeTag();
        });
    html.closeTag();
  }
}
