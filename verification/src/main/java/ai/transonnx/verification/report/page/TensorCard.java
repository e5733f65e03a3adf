package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.TensorReport;
import ai.transonnx.verification.report.TensorReport.Element;
import java.util.List;

/** A tensor's errors against magnitudes, and its worst elements. Immutable. */
record TensorCard(TensorRow row) {
  void write(Markup html) {
    var tensor = row.tensor();
    html.open("figure", tensor.passed() ? "card passed" : "card failed");
    html.open("figcaption").element("strong", "code", Words.name(tensor.name()));
    html.text(" in " + Words.name(row.call().label()) + " ");
    html.element("span", "badge " + Level.of(tensor), Level.badge(tensor));
    html.closeTag().line();
    if (tensor.mismatch() != null) {
      html.element("p", tensor.mismatch());
    }
    if (!tensor.histogram().isEmpty()) {
      html.element("p", "axis", "Error against magnitude: ● largest, • mean");
      MagnitudeChart.of(tensor).write(html);
    }
    if (!tensor.worst().isEmpty()) {
      writeWorst(html, tensor);
    }
    if (!tensor.histogram().isEmpty()) {
      writeBins(html, tensor);
    }
    html.closeTag().line();
  }

  private static void writeWorst(Markup html, TensorReport tensor) {
    html.line().open("div", "scroll").open("table", "plain");
    html.element("caption", "Worst elements");
    Tables.head(html, List.of("Index", "Expected", "Computed", "Difference"));
    html.open("tbody").line();
    for (var element : tensor.worst()) {
      var expected = Numbers.precise(element.expected());
      html.open("tr");
      Tables.rowHeader(html, element.index().isEmpty() ? "scalar" : element.index().toString());
      html.element("td", "number", expected);
      html.open("td", "number");
      writeChangedDigits(html, expected, Numbers.precise(element.actual()));
      html.closeTag();
      html.element("td", "number", Numbers.column(difference(element))).closeTag().line();
    }
    html.closeTag().closeTag().closeTag();
  }

  private static double difference(Element element) {
    return element.actual() - element.expected();
  }

  /** The computed number, with stress on the digits from the first one that differs. */
  private static void writeChangedDigits(Markup html, String expected, String actual) {
    int same = 0;
    while (same < Math.min(expected.length(), actual.length())
        && expected.charAt(same) == actual.charAt(same)) {
      same++;
    }
    html.text(actual.substring(0, same)).element("b", actual.substring(same));
  }

  private static void writeBins(Markup html, TensorReport tensor) {
    html.line().open("details").element("summary", "Errors by magnitude as a table");
    Tables.open(html, "plain", "Errors by magnitude");
    Tables.head(html, List.of("Magnitude from", "Elements", "Largest error", "Mean error"));
    html.open("tbody").line();
    for (var bin : tensor.histogram()) {
      html.open("tr");
      Tables.rowHeader(html, "2^" + bin.exponent());
      html.element("td", "number", Numbers.count(bin.count()));
      html.element("td", "number", Numbers.column(bin.maxError()));
      html.element("td", "number", Numbers.column(bin.meanError())).closeTag().line();
    }
    html.closeTag().closeTag().closeTag();
  }
}
