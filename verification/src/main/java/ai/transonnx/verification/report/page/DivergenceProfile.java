package ai.transonnx.verification.report.page;

import ai.transonnx.runtime.quality.QualityReport;
import ai.transonnx.runtime.quality.QualityReport.PositionRange;
import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import java.util.List;
import java.util.stream.DoubleStream;

/** The divergence by position in the window, as a chart and a table. */
record DivergenceProfile(QualityReport report) implements Section {
  private static final int HEIGHT = 300;
  private static final int TOP = 20;
  private static final int BOTTOM = 252;
  private static final double LEFT = 0.08;
  private static final double WIDTH = 0.91;
  private static final int LABELS = 8;

  @Override
  public String id() {
    return "profile";
  }

  @Override
  public String title() {
    return "Divergence by position";
  }

  @Override
  public void write(Markup html) {
    var ranges = report.profile();
    var scale =
        LogScale.of(
            ranges.stream()
                .flatMapToDouble(range -> DoubleStream.of(range.mean(), range.largest()))
                .filter(value -> value > 1e-12));
    html.element(
            "p",
            "lede",
            "The mean and the largest divergence at each position of a window. Early positions know"
                + " few tokens; a divergence that grows with the position is an error of the state"
                + " or of the positions.")
        .line();
    var svg = new Svg(html, "chart", HEIGHT, description());
    for (int exponent : scale.labels()) {
      double y = y(scale, Math.pow(10, exponent));
      svg.line("grid", 0, y, 1, y).text("label", 0, y - 4, "1e" + exponent);
    }
    int step = Math.max(1, (ranges.size() + LABELS - 1) / LABELS);
    for (int i = 0; i < ranges.size(); i++) {
      var range = ranges.get(i);
      double x = LEFT + WIDTH * (i + 0.5) / ranges.size();
      svg.line("range", x, y(scale, range.mean()), x, y(scale, range.largest()));
      svg.disc("within", x, y(scale, range.mean()), 3.5);
      svg.disc("mean", x, y(scale, range.largest()), 2.5);
      if (i % step == 0) {
        svg.text("middle label", x, BOTTOM + 18, Numbers.count(range.first()));
      }
    }
    svg.line("grid", LEFT, BOTTOM, 1, BOTTOM);
    svg.text(
        "middle label",
        LEFT + WIDTH / 2,
        BOTTOM + 38,
        "position in the window: mean (large) and largest (small)");
    svg.end();
    html.line();
    writeTable(html, ranges);
  }

  private static double y(LogScale scale, double divergence) {
    return BOTTOM - scale.position(divergence) * (BOTTOM - TOP);
  }

  private String description() {
    var ranges = report.profile();
    var first = ranges.get(0);
    var last = ranges.get(ranges.size() - 1);
    return "Divergence by position in the window: mean %s at the first positions, %s at the last"
        .formatted(Numbers.of(first.mean()), Numbers.of(last.mean()));
  }

  private static void writeTable(Markup html, List<PositionRange> ranges) {
    html.open("details").element("summary", "The numbers").line();
    Tables.scroll(
        html,
        "scroll",
        "Divergence by position",
        () -> {
          Tables.open(html, "plain", "Divergence by position");
          Tables.head(html, List.of("Positions", "Mean", "Largest"));
          html.open("tbody").line();
          for (var range : ranges) {
            html.open("tr");
            Tables.rowHeader(
                html,
                range.first() == range.last()
                    ? Integer.toString(range.first())
                    : range.first() + " to " + range.last());
            html.element("td", "number", Numbers.of(range.mean()));
            html.element("td", "number", Numbers.of(range.largest()));
            html.closeTag().line();
          }
          html.closeTag().closeTag();
        });
    html.closeTag().line();
  }
}
