package ai.transonnx.cli;

import ai.transonnx.export.Weights;
import ai.transonnx.export.inspect.FunctionSummary;
import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.internal.config.Json;
import ai.transonnx.xtransformers.ReleaseSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code transonnx inspect}. */
@Command(
    name = "inspect",
    description = "Describe an ONNX file or a weight file.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private static final int MAX_SETS = 100;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      description =
          "An ONNX model: prints its inputs, outputs, state, parameters, operators and sizes. Or a"
              + " weight file or its folder: prints the tensors' names, types, shapes and sizes,"
              + " and the class and configuration that they imply.")
  private Path file = Path.of("");

  @Option(
      names = "--weights-key",
      paramLabel = "KEY",
      description =
          "The key of the state dict in a PyTorch or Paddle checkpoint, such as ema or"
              + " trainer.model (default: model, state_dict, model_state_dict or module, else the"
              + " largest one).")
  private @Nullable String weightsKey;

  @Override
  public Integer call() {
    if (Weights.looksLikeWeights(file)) {
      try (var weights = weightsKey == null ? Weights.open(file) : Weights.open(file, weightsKey)) {
        weights(weights);
      }
    } else {
      model(OnnxSummary.read(file));
    }
    return ExitCode.SUCCESS;
  }

  private void model(OnnxSummary model) {
    print("%s: ONNX, %s", file, size(model.bytes()));
    print("IR %s, %s, by %s", model.irVersion(), opsets(model.opsets()), model.producer());
    heading("inputs");
    model.graph().inputs().forEach(port -> print("  %s: %s", port.name(), port.type()));
    heading("outputs");
    model.graph().outputs().forEach(port -> print("  %s: %s", port.name(), port.type()));
    heading("metadata");
    model.metadata().forEach((key, value) -> print("  %s: %s", key, value));
    var initializers = model.graph().initializers();
    heading(
        "%s parameters and constants, %s"
            .formatted(initializers.size(), size(model.elementBytes())));
    for (var initializer : initializers) {
      print(
          "  %s: %s %s, %s%s%s",
          initializer.name(),
          initializer.type(),
          initializer.shape(),
          size(initializer.bytes()),
          initializer.location().map(location -> ", in " + location).orElse(""),
          initializer.documentation().isEmpty() ? "" : ", " + initializer.documentation());
    }
    heading("operators");
    print("  %s", counts(model.graph().operators()));
    for (var function : model.functions()) {
      heading("function " + signature(function));
      function.documentation().lines().forEach(line -> print("  %s", line));
      print("  operators: %s", counts(function.operators()));
    }
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

  private void weights(WeightFile weights) {
    var tensors = weights.tensors().values();
    long bytes = tensors.stream().mapToLong(WeightTensor::byteCount).sum();
    print("%s: %s, %s tensors, %s", weights.path(), weights.format(), tensors.size(), size(bytes));
    weights.metadata().forEach((key, value) -> print("  %s: %s", key, value));
    heading("tensors");
    tensors.forEach(tensor -> print("  %s, %s", tensor, size(tensor.byteCount())));
    list("cannot be used", weights.unusable());
    list("other values", weights.others());
    if (weights.sets().size() > 1) {
      heading("state dicts, with their --weights-key");
      weights.sets().stream().limit(MAX_SETS).forEach(this::set);
      if (weights.sets().size() > MAX_SETS) {
        print("  and %s more", weights.sets().size() - MAX_SETS);
      }
    }
    models(ModelListing.of(weights));
  }

  private void models(ModelListing models) {
    if (models.entries().isEmpty()) {
      heading("not recognized as a class of the supported libraries");
      return;
    }
    if (!models.isPlain()) {
      heading("models, with the options that select them");
      models.entries().forEach(model -> print("  %s: %s", model.options(), model.className()));
    }
    guess(models.entries().get(0));
  }

  private void list(String title, Map<String, String> values) {
    if (!values.isEmpty()) {
      heading(title);
      values.forEach((key, value) -> print("  %s: %s", key, value));
    }
  }

  private void set(WeightSet set) {
    long bytes = set.tensors().values().stream().mapToLong(WeightTensor::byteCount).sum();
    print(
        "  %s: %s tensors, %s",
        set.key().isEmpty() ? "(at the top level)" : set.key(), set.tensors().size(), size(bytes));
  }

  private void guess(ModelListing.Entry model) {
    var guess = model.guess();
    heading("looks like " + model.className());
    print("  %s", Json.compact(guess.document()));
    guess.releases().ifPresent(this::releases);
    if (!guess.unknown().isEmpty()) {
      print(
          "not determined by names and shapes; add to config those that are required or differ from"
              + " their defaults:");
      guess
          .unknown()
          .forEach((option, hint) -> print("  %s", hint.isEmpty() ? option : option + ": " + hint));
    }
  }

  private void releases(ReleaseSet releases) {
    if (releases.isEmpty()) {
      print("the names are of no single release; add the release that wrote the weights");
    } else if (releases.releases().size() > 1) {
      print("written by one of the releases %s; add 'release' if an export asks for it", releases);
    }
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

  private static String size(long bytes) {
    if (bytes < 10_000) {
      return bytes + " bytes";
    }
    return bytes < 10_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private void heading(String text) {
    spec.commandLine().getOut().println();
    print("%s", text);
  }

  /** Prints one line; control characters in names and texts of the file are replaced. */
  private void print(String format, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Printable.line(String.format(Locale.ROOT, format, values)));
  }
}
