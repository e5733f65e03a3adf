package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.internal.form.Numbers;
import ai.transonnx.verification.report.VerificationReport;

/** The meaning of the terms. */
record TermsSection(VerificationReport report) implements Section {
  @Override
  public String id() {
    return "terms";
  }

  @Override
  public String title() {
    return "Terms";
  }

  @Override
  public void write(Markup html) {
    html.open("dl", "terms").line();
    term(
        html,
        "Reference",
        "The expected values: the same computation in float64, or else those of another runtime.");
    term(
        html,
        "Rounding",
        "The largest error of a tensor when each operator's result is rounded at random.");
    term(
        html,
        "Tolerance",
        "%s times the rounding, which is measured for this model and these inputs."
            .formatted(Numbers.of(report.factor())));
    term(
        html,
        "Error over tolerance",
        "The largest absolute difference from the reference, divided by the tolerance. Up to 1 is"
            + " explained by rounding.");
    term(
        html,
        "Undecided",
        "A tensor that differs, but that rounding alone changes as much, such as a choice between"
            + " nearly equal values. Its comparison shows nothing.");
    term(
        html,
        "Own state, reference state",
        "A call that continues the runtime's own state shows whether its error grows; one that"
            + " continues the reference's state shows the error of that call alone.");
    html.closeTag().line();
  }

  private static void term(Markup html, String term, String meaning) {
    html.open("div").element("dt", term).element("dd", meaning).closeTag().line();
  }
}
