package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.StructureReport;

/** Whether the file is the model that its metadata describe. */
record StructureSection(StructureReport structure) implements Section {
  @Override
  public String id() {
    return "structure";
  }

  @Override
  public String title() {
    return "Structure";
  }

  @Override
  public void write(Markup html) {
    var divergence = structure.divergence();
    html.element(
        "p",
        "lede",
        "Whether the file's graph computes, in float64, what the class that its metadata name"
            + " computes.");
    html.open("p");
    if (divergence == null) {
      html.element("span", "mark within", "✓").text(" The same: ");
    } else {
      html.element("span", "mark over", "✗").text(" Not the same: ");
    }
    html.text(
        "%s. The relative error is %s; %s is allowed."
            .formatted(
                structure.description(),
                Numbers.of(structure.error()),
                Numbers.of(structure.tolerance())));
    html.closeTag().line();
    if (divergence != null) {
      html.open("article").attribute("id", "structure-begins");
      new DivergenceView(divergence).write(html);
      html.closeTag();
    }
  }
}
