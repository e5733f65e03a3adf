package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.report.Divergence.ValueError;
import java.util.List;
import java.util.stream.DoubleStream;

/** The error over tolerance of intermediate values in the order of the graph. Immutable. */
record ProfileChart(Divergence divergence, List<LayerGroup> layers, int first, LogScale scale) {
  private static final int HEIGHT = 340;
  private static final int TOP = 58;
  private static final int BOTTOM = 292;
  private static final double LEFT = 0.09;
  private static final double WIDTH = 0.9;
  private static final int MOST_LABELS = 14;
  private static final int LONGEST_LABEL = 34;

  static ProfileChart of(Divergence divergence) {
    return new ProfileChart(
        divergence,
        LayerGroup.of(divergence),
        LayerGroup.first(divergence),
        scale(divergence.values()));
  }

  /** The axis of errors over tolerance, which always shows the tolerance itself. */
  static LogScale scale(List<ValueError> values) {
    var ratios = values.stream().mapToDouble(ValueError::ratio).map(ratio -> Math.max(ratio, 1e-3));
    return LogScale.of(DoubleStream.concat(ratios, DoubleStream.of(0.05, 5)));
  }

  void write(Markup html) {
    var svg = new Svg(html, "chart", HEIGHT, description());
    writeLayers(svg);
    writeGrid(svg);
    writeStems(svg);
    writeFirst(svg);
    svg.end();
  }

  private String description() {
    long over = divergence.values().stream().filter(value -> !(value.ratio() <= 1)).count();
    return "Error over tolerance of %s in the order of the graph; %s outside of the tolerance%s"
        .formatted(
            Words.count(divergence.values().size(), "value"),
            over == 1 ? "1 is" : over + " are",
            first < 0 ? "" : "; the first is in " + divergence.values().get(first).module());
  }

  private double x(double position) {
    return LEFT + WIDTH * position / Math.max(1, divergence.values().size());
  }

  private double y(double ratio) {
    return BOTTOM - scale.position(ratio) * (BOTTOM - TOP);
  }

  private void writeLayers(Svg svg) {
    int numbered = (int) layers.stream().filter(LayerGroup::isNumbered).count();
    int step = Math.max(1, (numbered + MOST_LABELS - 1) / MOST_LABELS);
    int index = 0;
    for (var layer : layers) {
      double start = x(layer.start());
      double width = x(layer.start() + layer.values().size()) - start;
      if (!layer.isNumbered()) {
        continue;
      }
      if (index % 2 == 0) {
        svg.area("band", start, TOP, width, BOTTOM - TOP);
      }
      if (index % step == 0 || layer.contains(first)) {
        var classes = layer.contains(first) ? "middle label first" : "middle label";
        svg.text(classes, start + width / 2, BOTTOM + 16, layer.number());
      }
      index++;
    }
    svg.text("middle label", LEFT + WIDTH / 2, BOTTOM + 38, axis());
  }

  /** The title of the horizontal axis: the path of the numbered layers. */
  private String axis() {
    return layers.stream()
        .filter(LayerGroup::isNumbered)
        .findFirst()
        .map(
            layer ->
                "layers: "
                    + shortened(layer.name().substring(0, layer.name().lastIndexOf('.') + 1))
                    + "N")
        .orElse("in the order of the graph");
  }

  private void writeGrid(Svg svg) {
    for (int exponent : scale.labels()) {
      double y = y(Math.pow(10, exponent));
      if (exponent != 0) {
        svg.line("grid", 0, y, 1, y).text("label", 0, y - 4, power(exponent));
      }
    }
    svg.line("tolerance", 0, y(1), 1, y(1));
    svg.text("label strong", 0, y(1) - 5, "tolerance");
  }

  static String power(int exponent) {
    return Math.abs(exponent) <= 3
        ? Numbers.of(Math.pow(10, exponent)) + "×"
        : "1e%s×".formatted(exponent);
  }

  private void writeStems(Svg svg) {
    var values = divergence.values();
    for (int i = 0; i < values.size(); i++) {
      double x = x(i + 0.5);
      double ratio = values.get(i).ratio();
      if (ratio <= 1) {
        svg.disc("within", x, y(ratio), 3);
      } else {
        svg.line("stem", x, y(1), x, y(ratio));
        svg.diamond("over", x, y(ratio), 4.5);
      }
    }
  }

  private void writeFirst(Svg svg) {
    if (first < 0) {
      return;
    }
    var value = divergence.values().get(first);
    double x = x(first + 0.5);
    svg.line("first", x, TOP - 12, x, BOTTOM);
    svg.pointer("pointer", x, TOP - 10);
    var anchor = x < 0.3 ? "start" : x > 0.7 ? "end" : "middle";
    svg.text(anchor + " label strong", x, 14, "first: " + shortened(value.module()));
    svg.text(
        anchor + " label",
        x,
        30,
        "%s, %s the tolerance".formatted(shortened(value.operator()), Words.times(value.ratio())));
  }

  /** The end of a long path. */
  private static String shortened(String path) {
    return path.length() <= LONGEST_LABEL
        ? path
        : "…" + path.substring(path.length() - LONGEST_LABEL);
  }
}
