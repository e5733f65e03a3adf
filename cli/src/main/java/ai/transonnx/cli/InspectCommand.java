package ai.transonnx.cli;

import ai.transonnx.export.Weights;
import ai.transonnx.export.inspect.FunctionSummary;
import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.internal.config.Json;
import ai.transonnx.internal.guess.Guess;
import ai.transonnx.verification.ProvenFile;
import ai.transonnx.xtransformers.Release;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

  @Option(
      names = "--release",
      paramLabel = "NUMBER",
      description =
          "The release of x-transformers that wrote the weights, such as 2.3.1: prints the"
              + " configuration for it (default: for one of those that can have written them).")
  private @Nullable String release;

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
    ProvenFile.read(file).ifPresent(this::proof);
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

  private void proof(ProvenFile proven) {
    var text = new ProofText(proven);
    heading("proof");
    text.lines().forEach(line -> print("  %s", line));
    print("  %s", text.verdict());
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
    models(weights);
  }

  private void models(WeightFile weights) {
    var named = Optional.ofNullable(release).map(Release::of);
    var models = ModelListing.of(weights, named);
    if (models.entries().isEmpty()) {
      heading("not recognized as a class of the supported libraries");
      return;
    }
    if (!models.isPlain()) {
      heading("models, with the options that select them");
      models.entries().forEach(model -> print("  %s: %s", model.options(), model.className()));
    }
    var first = models.entries().get(0);
    named
        .flatMap(one -> first.guess().evidence().flatMap(signs -> signs.contradiction(one)))
        .ifPresent(
            reason -> {
              throw weights.error(
                  "the weights are not of release %s: %s".formatted(release, reason));
            });
    guess(first);
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
    guess.origin().ifPresent(this::releases);
    if (!guess.unknown().isEmpty()) {
      print(
          "not determined by names and shapes; add to config those that are required or differ from"
              + " their defaults:");
      guess.unknown().forEach(this::hint);
      withoutHint(guess).forEach((group, keys) -> print("  %s%s", group, String.join(", ", keys)));
    }
  }

  private void hint(String option, String hint) {
    if (!hint.isEmpty()) {
      print("  %s: %s", option, hint);
    }
  }

  /** The unknown options without a hint, by the object in the configuration that has them. */
  private static Map<String, List<String>> withoutHint(Guess guess) {
    return guess.unknown().entrySet().stream()
        .filter(option -> option.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .collect(
            Collectors.groupingBy(
                option -> option.contains(".") ? "in " + option.replaceFirst("\\..*", ": ") : "",
                TreeMap::new,
                Collectors.mapping(
                    option -> option.substring(option.indexOf('.') + 1), Collectors.toList())));
  }

  private void releases(Guess.Releases releases) {
    if (releases.possible().isEmpty()) {
      print("the names are of no single release; add the release that wrote the weights");
    } else if (releases.possible().releases().size() > 1) {
      print(
          "written by one of the releases %s; the options are those of %s, --release prints those"
              + " of another one; add 'release' if an export asks for it",
          releases.possible(), releases.shown());
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
