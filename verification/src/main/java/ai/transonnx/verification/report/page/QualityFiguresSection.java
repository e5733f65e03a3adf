package ai.transonnx.verification.report.page;

import ai.transonnx.runtime.quality.QualityMetric;
import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.QualityResult;
import ai.transonnx.verification.report.QualityResult.Limit;
import ai.transonnx.verification.report.QualityResult.Limit.Status;
import java.util.List;
import java.util.Optional;

/** The figures of a comparison in a table, with the limits of a gate. */
record QualityFiguresSection(QualityResult result) implements Section {
  @Override
  public String id() {
    return "figures";
  }

  @Override
  public String title() {
    return "Figures";
  }

  @Override
  public void write(Markup html) {
    html.element(
            "p",
            "lede",
            "The divergence is the Kullback-Leibler divergence of the candidate's distribution of"
                + " the next token from the reference's, in nats.")
        .line();
    var perplexity = result.quality().perplexity();
    Tables.scroll(
        html,
        "scroll",
        "Figures",
        () -> {
          Tables.open(html, "plain", "Figures");
          Tables.head(html, List.of("Figure", "Value", "Limit", "Result"));
          html.open("tbody").line();
          if (perplexity != null) {
            row(
                html,
                "perplexity",
                QualityResult.decimal(perplexity.candidate()),
                Optional.empty());
            row(
                html,
                "perplexity, reference",
                QualityResult.decimal(perplexity.reference()),
                Optional.empty());
            row(
                html,
                QualityMetric.PERPLEXITY.label(),
                QualityResult.decimal(perplexity.ratio()) + " ± " + Numbers.of(perplexity.error()),
                limit(QualityMetric.PERPLEXITY));
          }
          for (var metric : QualityMetric.values()) {
            if (metric != QualityMetric.PERPLEXITY) {
              var value = QualityResult.text(metric, metric.of(result.quality()));
              row(html, metric.label(), value, limit(metric));
            }
          }
          html.closeTag().closeTag();
        });
    if (perplexity == null) {
      html.element(
              "p",
              "note",
              "There is no perplexity: a position depends on the tokens after it, so it does not"
                  + " predict the next one.")
          .line();
    }
  }

  private Optional<Limit> limit(QualityMetric metric) {
    return result.limits().stream().filter(limit -> limit.metric() == metric).findFirst();
  }

  private static void row(Markup html, String label, String value, Optional<Limit> limit) {
    html.open("tr");
    Tables.rowHeader(html, label);
    html.element("td", "number", value);
    html.element(
        "td",
        "number",
        limit
            .map(
                one ->
                    (one.metric().isMinimum() ? "≥ " : "≤ ")
                        + QualityResult.text(one.metric(), one.limit()))
            .orElse(""));
    html.open("td");
    limit.ifPresent(
        one -> {
          boolean passed = one.status() == Status.PASSED;
          html.element("span", passed ? "mark within" : "mark over", passed ? "✓" : "✗");
          html.text(passed ? "passed" : "failed");
        });
    html.closeTag().closeTag().line();
  }
}
