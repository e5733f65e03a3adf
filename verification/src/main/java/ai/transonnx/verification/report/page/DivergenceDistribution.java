package ai.transonnx.verification.report.page;

import ai.transonnx.runtime.quality.QualityReport;
import ai.transonnx.runtime.quality.QualityReport.DivergenceRange;
import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import java.util.List;

/** The number of positions by divergence, as a histogram and a table. */
record DivergenceDistribution(QualityReport report) implements Section {
  private static final int HEIGHT = 260;
  private static final int TOP = 34;
  private static final int FLOOR = 214;
  private static final double LEFT = 0.02;
  private static final double WIDTH = 0.96;

  @Override
  public String id() {
    return "distribution";
  }

  @Override
  public String title() {
    return "Distribution of the divergence";
  }

  @Override
  public void write(Markup html) {
    var ranges = report.distribution();
    var svg = new Svg(html, "chart", HEIGHT, description());
    double most = ranges.stream().mapToDouble(DivergenceRange::count).max().orElse(1);
    double width = WIDTH / ranges.size();
    for (int i = 0; i < ranges.size(); i++) {
      var range = ranges.get(i);
      double x = LEFT + i * width;
      double height = (FLOOR - TOP) * range.count() / most;
      svg.area("bar", x + width * 0.08, FLOOR - height, width * 0.84, height);
      if (isLabelled(range)) {
        svg.line("grid", x, FLOOR, x, FLOOR + 5);
        svg.text("middle label", x, FLOOR + 18, Numbers.of(range.from()));
      }
    }
    svg.line("grid", 0, FLOOR, 1, FLOOR);
    writeMark(svg, "median", report.divergence().median(), 12);
    writeMark(svg, "mean", report.divergence().mean(), 26);
    writeMark(svg, "99 %", report.divergence().percentile99(), 12);
    svg.text(
        "middle label", LEFT + WIDTH / 2, FLOOR + 38, "divergence in nats, by count of positions");
    svg.end();
    html.line();
    writeTable(html, ranges);
  }

  private String description() {
    return "Histogram of the divergence at %s: median %s, mean %s, 99 %% below %s, largest %s"
        .formatted(
            Words.count(report.positions(), "position"),
            Numbers.of(report.divergence().median()),
            Numbers.of(report.divergence().mean()),
            Numbers.of(report.divergence().percentile99()),
            Numbers.of(report.divergence().largest()));
  }

  /** Whether a range begins with a power of ten. */
  private static boolean isLabelled(DivergenceRange range) {
    double exponent = Math.log10(range.from());
    return range.from() > 0 && Math.abs(exponent - Math.rint(exponent)) < 1e-6;
  }

  /** A vertical line at a divergence, which is within its range by its logarithm. */
  private void writeMark(Svg svg, String label, double divergence, double y) {
    var ranges = report.distribution();
    double width = WIDTH / ranges.size();
    for (int i = 0; i < ranges.size(); i++) {
      var range = ranges.get(i);
      if (divergence >= range.from() && divergence < range.to()) {
        boolean isClosed = range.from() > 0 && Double.isFinite(range.to());
        double share =
            isClosed
                ? Math.log(divergence / range.from()) / Math.log(range.to() / range.from())
                : 0.5;
        double x = LEFT + (i + share) * width;
        svg.line("tolerance", x, y + 4, x, FLOOR);
        var anchor = x > 0.9 ? "end" : x < 0.1 ? "start" : "middle";
        svg.text(anchor + " label strong", x, y, label);
      }
    }
  }

  private static void writeTable(Markup html, List<DivergenceRange> ranges) {
    html.open("details").element("summary", "The numbers").line();
    Tables.scroll(
        html,
        "scroll",
        "Positions by divergence",
        () -> {
          Tables.open(html, "plain", "Positions by divergence");
          Tables.head(html, List.of("From", "To", "Positions"));
          html.open("tbody").line();
          for (var range : ranges) {
            html.open("tr");
            Tables.rowHeader(html, Numbers.of(range.from()));
            html.element("td", "number", Numbers.of(range.to()));
            html.element("td", "number", Numbers.count(range.count()));
            html.closeTag().line();
          }
          html.closeTag().closeTag();
        });
    html.closeTag().line();
  }
}
