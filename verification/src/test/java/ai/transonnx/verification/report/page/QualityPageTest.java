package ai.transonnx.verification.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.quality.QualityGate;
import ai.transonnx.runtime.quality.QualityReport;
import ai.transonnx.runtime.quality.QualityReport.Divergence;
import ai.transonnx.runtime.quality.QualityReport.DivergenceRange;
import ai.transonnx.runtime.quality.QualityReport.Perplexity;
import ai.transonnx.runtime.quality.QualityReport.PositionRange;
import ai.transonnx.verification.report.QualityResult;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QualityPageTest {
  private static final String HOSTILE = "<script>alert(1)</script>\u202e.onnx";

  private static QualityReport report(
      String name, double largest, @Nullable Perplexity perplexity) {
    return new QualityReport(
        name,
        "reference.onnx",
        256,
        2,
        1300,
        new Divergence(0.0123, 0.0045, 0.067, largest),
        0.9876,
        perplexity,
        List.of(
            new DivergenceRange(0, 1e-3, 800),
            new DivergenceRange(1e-3, 1, 499),
            new DivergenceRange(1, Double.POSITIVE_INFINITY, 1)),
        List.of(new PositionRange(0, 0, 0.01, 0.02), new PositionRange(1, 7, 0, largest)));
  }

  private static final Perplexity PERPLEXITY = new Perplexity(4, 4.1, 1.025, 0.003);

  @Test
  void everyFigureIsOnThePage() throws Exception {
    var result =
        QualityResult.of(
            report("model.onnx", 0.98, PERPLEXITY), QualityGate.of("kld=0.01,top1=0.9"));
    var text = PageDocument.of(QualityPage.html(result)).text();
    for (var figure :
        List.of(
            "model.onnx",
            "reference.onnx",
            "1,300 positions",
            "4.10000",
            "4.00000",
            "1.02500",
            "0.003",
            "0.0123",
            "0.0045",
            "0.067",
            "0.98",
            "98.76 %",
            "≤ 0.01",
            "≥ 90.00 %",
            "499",
            "1 to 7",
            "1 of 2 limits does not hold")) {
      assertTrue(text.contains(figure), figure);
    }
  }

  @Test
  void namesStayTextsAndNothingIsLoaded() throws Exception {
    var infinite = QualityResult.of(report(HOSTILE, Double.POSITIVE_INFINITY, null));
    var html = QualityPage.html(infinite);
    var page = PageDocument.of(html);
    assertEquals(List.of(), page.elements("script"));
    assertFalse(html.contains("\u202e"));
    assertFalse(html.contains("://"));
    assertTrue(page.text().contains("There is no perplexity"));
    assertTrue(page.text().contains("infinity"));
  }

  @Test
  void chartsHaveADescription() throws Exception {
    var page = PageDocument.of(QualityPage.html(QualityResult.of(report("a", 1, PERPLEXITY))));
    var charts = page.elements("svg").stream().filter(svg -> svg.hasAttribute("role")).toList();
    assertEquals(2, charts.size());
    charts.forEach(chart -> assertFalse(chart.getAttribute("aria-label").isEmpty()));
  }

  @Test
  void theTableNamesTheReasonOfAMissingPerplexity() {
    var summary = QualityResult.of(report("a.onnx", 1, null)).summary();
    assertTrue(summary.contains("perplexity            none: a position depends on"), summary);
    assertFalse(summary.contains("perplexity ratio"), summary);
  }
}
