package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.report.Divergence.ValueError;
import java.util.List;

/** The error of each layer in a line that opens to those of its values. Immutable. */
record LayerList(List<LayerGroup> layers, int first, LogScale scale) {
  private static final int HEIGHT = 26;
  private static final double LEFT = 0.05;
  private static final double WIDTH = 0.9;
  private static final List<String> TITLES =
      List.of(
          "Module", "Operator", "Value", "Magnitude", "Error", "Tolerance", "Error over tolerance");

  static LayerList of(Divergence divergence) {
    return new LayerList(
        LayerGroup.of(divergence),
        LayerGroup.first(divergence),
        ProfileChart.scale(divergence.values()));
  }

  void write(Markup html) {
    html.open("div", "layers").line();
    writeScale(html);
    for (var layer : layers) {
      write(html, layer);
    }
    html.closeTag();
  }

  /** The titles of the columns, which say nothing that the layers do not say to other readers. */
  private void writeScale(Markup html) {
    html.open("div", "scale").attribute("aria-hidden", "true");
    html.element("span", "mark", "").element("span", "name", "Layer");
    html.element("span", "ratio", "Largest");
    var svg = new Svg(html, "strip", HEIGHT, null);
    for (int exponent : scale.labels()) {
      var label = exponent == 0 ? "tolerance" : ProfileChart.power(exponent);
      svg.text(
          exponent == 0 ? "middle label strong" : "middle label",
          x(Math.pow(10, exponent)),
          17,
          label);
    }
    svg.end();
    html.element("span", "remark", "").closeTag().line();
  }

  private void write(Markup html, LayerGroup layer) {
    boolean isFirst = layer.contains(first);
    boolean isOver = !(layer.worst() <= 1);
    html.open("details", isFirst ? "first" : isOver ? "failed" : "passed");
    if (isFirst) {
      html.attribute("open", "open");
    }
    html.open("summary").element("span", "mark", isFirst ? "➜" : isOver ? "✗" : "✓");
    Words.writeCode(html, "name", layer.name().isEmpty() ? "no module" : Words.name(layer.name()));
    html.element("span", "ratio", Words.times(layer.worst()));
    writeStrip(html, layer);
    html.element("span", "remark", isFirst ? "the error begins here" : "");
    html.closeTag().line();
    writeValues(html, layer);
    html.closeTag().line();
  }

  private void writeStrip(Markup html, LayerGroup layer) {
    var svg = new Svg(html, "strip", HEIGHT, null);
    for (int exponent : scale.labels()) {
      double x = x(Math.pow(10, exponent));
      svg.line(exponent == 0 ? "tolerance" : "grid", x, 0, x, HEIGHT);
    }
    for (var value : layer.values()) {
      double x = x(value.ratio());
      svg.line(value.ratio() <= 1 ? "tick within" : "tick over", x, 7, x, HEIGHT - 7);
    }
    double worst = layer.worst();
    if (worst <= 1) {
      svg.disc("within", x(worst), HEIGHT / 2.0, 4);
    } else {
      svg.diamond("over", x(worst), HEIGHT / 2.0, 6);
    }
    svg.end();
  }

  private double x(double ratio) {
    return LEFT + WIDTH * scale.position(ratio);
  }

  private void writeValues(Markup html, LayerGroup layer) {
    var caption = "Values of " + layer.name();
    Tables.scroll(
        html,
        "scroll",
        caption,
        () -> {
          Tables.open(html, "plain values", caption);
          Tables.head(html, TITLES);
          html.open("tbody").line();
          for (int i = 0; i < layer.values().size(); i++) {
            write(html, layer, layer.values().get(i), layer.start() + i == first);
          }
          html.closeTag().closeTag();
        });
  }

  /** The part of a module's path after its layer's. */
  private static String part(LayerGroup layer, ValueError value) {
    var module = value.module();
    int start = layer.name().length() + 1;
    return module.length() <= start ? module : module.substring(start);
  }

  private static void write(Markup html, LayerGroup layer, ValueError value, boolean isFirst) {
    html.open("tr");
    if (isFirst) {
      html.attribute("class", "first");
    }
    Tables.rowHeader(html, (isFirst ? "➜ " : "") + part(layer, value));
    html.element("td", Words.name(value.operator()));
    html.open("td");
    Words.writeCode(html, "value", Words.name(value.value()));
    html.closeTag();
    html.element("td", "number", Numbers.column(value.magnitude()));
    html.element("td", "number", Numbers.column(value.error()));
    html.element("td", "number", Numbers.column(value.tolerance()));
    boolean passed = value.ratio() <= 1;
    html.element(
        "td", passed ? "number" : "number over", (passed ? "" : "✗ ") + Words.times(value.ratio()));
    html.closeTag().line();
  }
}
