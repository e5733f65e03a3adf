package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.Divergence;

/** Where an error begins, as a sentence, facts, a chart and a list of layers. Immutable. */
record DivergenceView(Divergence divergence) {
  void write(Markup html) {
    html.element("p", divergence.description());
    html.open("dl", "facts").line();
    fact(html, "First wrong operator", divergence.operator(), false);
    fact(html, "Module", divergence.module().isEmpty() ? "none" : divergence.module(), true);
    fact(html, "Node", divergence.node(), true);
    fact(html, "Value", divergence.value(), true);
    fact(
        html,
        "Error",
        "%s; the tolerance is %s"
            .formatted(Numbers.of(divergence.error()), Numbers.of(divergence.tolerance())),
        false);
    fact(html, "Call", divergence.call(), false);
    if (divergence.reproduction() != null) {
      fact(html, "Reproduction", divergence.reproduction(), true);
    }
    html.closeTag().line();
    if (!divergence.values().isEmpty()) {
      writeValues(html);
    }
  }

  private static void fact(Markup html, String name, String value, boolean isCode) {
    html.open("div").element("dt", name);
    html.open("dd");
    if (isCode) {
      Words.writeCode(html, "value", value);
    } else {
      html.text(value);
    }
    html.closeTag().closeTag().line();
  }

  private void writeValues(Markup html) {
    html.open("figure").open("figcaption").element("strong", "Error by layer");
    html.text(" as a multiple of the tolerance, in the order of the graph. ");
    legend(html);
    html.closeTag().line();
    ProfileChart.of(divergence).write(html);
    html.closeTag().line();
    LayerList.of(divergence).write(html);
  }

  private static void legend(Markup html) {
    html.open("span", "legend");
    html.element("span", "within", "● within").text(" ");
    html.element("span", "over", "◆ outside").text(" ");
    html.element("span", "over", "▼ first outside");
    html.closeTag();
  }
}
