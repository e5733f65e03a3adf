package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.report.TensorReport;
import ai.transonnx.verification.report.TensorReport.MagnitudeBin;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;

/** The errors of a tensor's elements against their magnitudes. Immutable. */
record MagnitudeChart(TensorReport tensor, List<MagnitudeBin> bins, LogScale scale) {
  private static final int HEIGHT = 236;
  private static final int TOP = 20;
  private static final int BOTTOM = 168;
  private static final int FLOOR = 206;
  private static final int TEXT = 9;
  private static final double LEFT = 0.12;
  private static final double WIDTH = 0.87;
  private static final int MOST_LABELS = 6;
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  static MagnitudeChart of(TensorReport tensor) {
    var bins =
        tensor.histogram().stream()
            .sorted(Comparator.comparingInt(MagnitudeBin::exponent))
            .toList();
    var errors =
        bins.stream().flatMapToDouble(bin -> DoubleStream.of(bin.maxError(), bin.meanError()));
    var scale = LogScale.of(DoubleStream.concat(errors, DoubleStream.of(tensor.tolerance())));
    return new MagnitudeChart(tensor, bins, scale);
  }

  void write(Markup html) {
    var svg = new Svg(html, "chart", HEIGHT, description());
    double tolerance = y(tensor.tolerance());
    for (int exponent : scale.labels()) {
      double y = y(Math.pow(10, exponent));
      svg.line("grid", 0, y, 1, y);
      if (Math.abs(y - 4 - tolerance) > TEXT) {
        svg.text("label", 0, y - 4, "1e" + exponent);
      }
    }
    writeCounts(svg);
    svg.line("tolerance", 0, tolerance, 1, tolerance);
    svg.text("end label strong", 1, tolerance - 5, "tolerance");
    for (var bin : bins) {
      write(svg, bin);
    }
    svg.end();
  }

  private String description() {
    return "Largest and mean error of the elements of %s in %s of magnitude"
        .formatted(Words.name(tensor.name()), Words.count(bins.size(), "range"));
  }

  private double x(MagnitudeBin bin) {
    double low = bins.get(0).exponent();
    double high = bins.get(bins.size() - 1).exponent();
    return LEFT + WIDTH * (bin.exponent() - low + 0.5) / (high - low + 1);
  }

  private double y(double error) {
    return BOTTOM - scale.position(error) * (BOTTOM - TOP);
  }

  private void write(Svg svg, MagnitudeBin bin) {
    double x = x(bin);
    boolean passed = bin.maxError() <= tensor.tolerance();
    svg.line(passed ? "range" : "range over", x, y(bin.meanError()), x, y(bin.maxError()));
    svg.disc("mean", x, y(bin.meanError()), 2.5);
    if (passed) {
      svg.disc("within", x, y(bin.maxError()), 3.5);
    } else {
      svg.diamond("over", x, y(bin.maxError()), 5);
    }
  }

  /** The number of elements in each range, as areas below the errors. */
  private void writeCounts(Svg svg) {
    double most = bins.stream().mapToDouble(MagnitudeBin::count).max().orElse(1);
    double width = WIDTH / Math.max(1, span()) * 0.8;
    int step = (bins.size() + MOST_LABELS - 1) / MOST_LABELS;
    for (int i = 0; i < bins.size(); i++) {
      var bin = bins.get(i);
      double height = (FLOOR - BOTTOM - 12) * Math.sqrt(Math.max(0, bin.count()) / most);
      svg.area("count", x(bin) - width / 2, FLOOR - height, width, height);
      if (i % step == 0) {
        svg.text("middle label", x(bin), FLOOR + 15, "2" + superscript(bin.exponent()));
      }
    }
    svg.line("grid", LEFT, FLOOR, 1, FLOOR);
    svg.text("label", 0, FLOOR, "count");
  }

  private double span() {
    return bins.isEmpty()
        ? 1
        : (double) bins.get(bins.size() - 1).exponent() - bins.get(0).exponent() + 1;
  }

  private static String superscript(int exponent) {
    var text = new StringBuilder();
    for (char c : Integer.toString(exponent).toCharArray()) {
      text.append(c == '-' ? '⁻' : SUPERSCRIPTS.charAt(c - '0'));
    }
    return text.toString();
  }
}
