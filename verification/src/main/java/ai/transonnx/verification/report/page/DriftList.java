package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.report.RunnerDrift;
import ai.transonnx.verification.report.TensorDrift;
import ai.transonnx.verification.report.TensorReport;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tensors of a runtime with the largest drifts, each with its errors before and now. */
record DriftList(RunnerDrift runner, List<TensorDrift> drifts, LogScale scale) {
  private static final int MOST = 40;
  private static final int HEIGHT = 22;
  private static final double LEFT = 0.04;
  private static final double WIDTH = 0.92;
  private static final List<String> TITLES =
      List.of(
          "Tensor", "Call", "○ before to ● now, as a multiple of the tolerance", "Before", "Now");

  static DriftList of(RunnerDrift runner) {
    var drifts = runner.drifts().stream().limit(MOST).toList();
    var ratios =
        drifts.stream()
            .flatMap(drift -> Stream.of(ratio(drift.before()), ratio(drift.after())))
            .mapToDouble(ratio -> Math.max(ratio, 1e-3));
    return new DriftList(
        runner, drifts, LogScale.of(DoubleStream.concat(ratios, DoubleStream.of(0.05, 5))));
  }

  private static double ratio(@Nullable TensorReport tensor) {
    return tensor == null ? Double.NaN : tensor.ratio();
  }

  void write(Markup html) {
    var caption = "Tensors that drifted in " + Words.name(runner.name());
    Tables.scroll(
        html,
        "scroll tall",
        caption,
        () -> {
          Tables.open(html, "plain values drift", caption);
          Tables.head(html, TITLES);
          html.open("tbody").line();
          drifts.forEach(drift -> write(html, drift));
          html.closeTag().closeTag();
        });
    if (drifts.size() < runner.drifts().size()) {
      html.element(
          "p",
          "note",
          "These are the largest of %s.".formatted(Words.count(runner.drifts().size(), "drift")));
    }
  }

  private void write(Markup html, TensorDrift drift) {
    html.open("tr");
    Tables.rowHeader(html, drift.name());
    html.element("td", Words.name(drift.call())).open("td");
    writeStrip(html, drift);
    html.closeTag();
    writeRatio(html, drift.before());
    writeRatio(html, drift.after());
    html.closeTag().line();
  }

  private void writeStrip(Markup html, TensorDrift drift) {
    var svg = new Svg(html, "strip", HEIGHT, null);
    double middle = HEIGHT / 2.0;
    svg.line("tolerance", x(1), 0, x(1), HEIGHT);
    var before = drift.before();
    var after = drift.after();
    if (before != null && after != null) {
      svg.line(
          drift.newlyFails() ? "range over" : "range",
          x(before.ratio()),
          middle,
          x(after.ratio()),
          middle);
    }
    if (before != null) {
      svg.disc(before.passed() ? "hollow" : "hollow over", x(before.ratio()), middle, 4);
    }
    if (after != null && after.passed()) {
      svg.disc("within", x(after.ratio()), middle, 4);
    } else if (after != null) {
      svg.diamond("over", x(after.ratio()), middle, 6);
    }
    svg.end();
  }

  private double x(double ratio) {
    return LEFT + WIDTH * scale.position(ratio);
  }

  private static void writeRatio(Markup html, @Nullable TensorReport tensor) {
    html.element(
        "td",
        tensor == null ? "number" : "number " + Level.of(tensor),
        tensor == null ? "–" : Level.text(tensor));
  }
}
