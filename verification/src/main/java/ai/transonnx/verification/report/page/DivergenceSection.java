package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.report.VerificationReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Where the error of each failed runtime begins; those that begin at the same node together. */
record DivergenceSection(VerificationReport report) implements Section {
  /** A runtime and its position in the report. */
  record Located(int index, String runner, Divergence divergence) {}

  @Override
  public String id() {
    return "begins";
  }

  @Override
  public String title() {
    return "Where the error begins";
  }

  /** The runtimes whose errors were located, by node. */
  static List<List<Located>> located(VerificationReport report) {
    var groups = new LinkedHashMap<List<String>, List<Located>>();
    for (int i = 0; i < report.runners().size(); i++) {
      var runner = report.runners().get(i);
      var divergence = runner.divergence();
      if (divergence != null) {
        var node = List.of(divergence.node(), divergence.value(), divergence.call());
        groups
            .computeIfAbsent(node, key -> new ArrayList<>())
            .add(new Located(i, runner.name(), divergence));
      }
    }
    return List.copyOf(groups.values());
  }

  @Override
  public void write(Markup html) {
    for (var group : located(report)) {
      var first = group.get(0);
      html.open("article").attribute("id", "begins-" + first.index()).line();
      html.open("h3").element("span", "mark over", "✗").text(" " + Words.name(first.runner()));
      html.closeTag().line();
      new DivergenceView(first.divergence()).write(html);
      for (var other : group.subList(1, group.size())) {
        html.open("details", "same").attribute("id", "begins-" + other.index());
        html.open("summary").text("The same node in ");
        html.element("strong", Words.name(other.runner())).closeTag().line();
        new DivergenceView(other.divergence()).write(html);
        html.closeTag().line();
      }
      html.closeTag().line();
    }
  }
}
