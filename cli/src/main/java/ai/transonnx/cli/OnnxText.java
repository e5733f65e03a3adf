package ai.transonnx.cli;

import ai.transonnx.export.inspect.FunctionSummary;
import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.verification.ProvenFile;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Describes an ONNX file for people. */
record OnnxText(Listing listing) {
  /**
   * Prints everything but the elements of tensors.
   *
   * @param proven the proof beside the file, if there is one
   */
  void print(OnnxSummary model, Optional<ProvenFile> proven) {
    listing.line("%s: ONNX, %s", model.path(), Listing.size(model.bytes()));
    listing.line("IR %s, %s, by %s", model.irVersion(), opsets(model.opsets()), model.producer());
    proven.ifPresent(this::proof);
    listing.heading("inputs");
    model.graph().inputs().forEach(port -> listing.line("  %s: %s", port.name(), port.type()));
    listing.heading("outputs");
    model.graph().outputs().forEach(port -> listing.line("  %s: %s", port.name(), port.type()));
    listing.heading("metadata");
    model.metadata().forEach((key, value) -> listing.line("  %s: %s", key, value));
    var initializers = model.graph().initializers();
    listing.heading(
        "%s parameters and constants, %s"
            .formatted(initializers.size(), Listing.size(model.elementBytes())));
    for (var initializer : initializers) {
      listing.line(
          "  %s: %s %s, %s%s%s",
          initializer.name(),
          initializer.type(),
          initializer.shape(),
          Listing.size(initializer.bytes()),
          initializer.location().map(location -> ", in " + location).orElse(""),
          initializer.documentation().isEmpty() ? "" : ", " + initializer.documentation());
    }
    listing.heading("operators");
    listing.line("  %s", counts(model.graph().operators()));
    for (var function : model.functions()) {
      listing.heading("function " + signature(function));
      function.documentation().lines().forEach(line -> listing.line("  %s", line));
      listing.line("  operators: %s", counts(function.operators()));
    }
  }

  private void proof(ProvenFile proven) {
    var text = new ProofText(proven);
    listing.heading("proof");
    text.lines().forEach(line -> listing.line("  %s", line));
    listing.line("  %s", text.verdict());
  }

  private static String signature(FunctionSummary function) {
    return "%s.%s(%s) -> (%s)%s"
        .formatted(
            function.domain(),
            function.name(),
            String.join(", ", function.inputs()),
            String.join(", ", function.outputs()),
            function.attributes().isEmpty()
                ? ""
                : ", attributes " + String.join(", ", function.attributes()));
  }

  private static String opsets(Map<String, Long> opsets) {
    return opsets.entrySet().stream()
        .map(e -> "%s %s".formatted(e.getKey().isEmpty() ? "opset" : e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String counts(Map<String, Long> operators) {
    return operators.entrySet().stream()
        .map(e -> e.getValue() == 1 ? e.getKey() : e.getKey() + " x " + e.getValue())
        .collect(Collectors.joining(", "));
  }
}
