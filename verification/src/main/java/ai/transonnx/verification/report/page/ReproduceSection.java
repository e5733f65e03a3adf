package ai.transonnx.verification.report.page;

import ai.transonnx.verification.internal.form.Markup;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.StructureReport;
import ai.transonnx.verification.report.VerificationReport;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The commands that repeat the run, and those that show a fault by itself. */
record ReproduceSection(VerificationReport report) implements Section {
  @Override
  public String id() {
    return "reproduce";
  }

  @Override
  public String title() {
    return "Reproduce";
  }

  @Override
  public void write(Markup html) {
    var model = report.model();
    html.element("p", "This run, with the same inputs and random numbers:");
    html.open("pre").element("code", command()).closeTag().line();
    html.open("p")
        .text("The file ")
        .element("code", model.file())
        .text(" has the SHA-256 ")
        .element("code", "hash", model.sha256());
    html.text(". The seed is %s.".formatted(report.seed())).closeTag().line();
    for (var folder : folders()) {
      html.open("p").text("The smallest part of the graph that shows the fault, in ");
      html.element("code", folder).text(", ready for a bug report:").closeTag().line();
      html.open("pre")
          .element("code", "cd %s\npython run.py\nnode run.mjs".formatted(quoted(folder)));
      html.closeTag().line();
    }
  }

  private String command() {
    var command = report.run().command();
    return command == null
        ? "transonnx verify %s --seed %s --on %s"
            .formatted(
                quoted(report.model().file()),
                report.seed(),
                quoted(
                    String.join(",", report.runners().stream().map(RunnerReport::name).toList())))
        : command;
  }

  private List<String> folders() {
    return Stream.concat(
            Stream.ofNullable(report.structure()).map(StructureReport::divergence),
            report.runners().stream().map(RunnerReport::divergence))
        .map(ReproduceSection::folder)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private static @Nullable String folder(@Nullable Divergence divergence) {
    return divergence == null ? null : divergence.reproduction();
  }

  /** A word as a shell needs it. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
