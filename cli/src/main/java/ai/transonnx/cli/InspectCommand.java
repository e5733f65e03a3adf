package ai.transonnx.cli;

import ai.transonnx.export.Weights;
import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.internal.config.Json;
import ai.transonnx.verification.ProvenFile;
import ai.transonnx.xtransformers.Release;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Option(
      names = "--json",
      description =
          "Print a JSON object instead of the text for people; docs/command.md describes it.")
  private boolean json;

  @SuppressWarnings("UnusedVariable") // the command has no notes
  @Mixin
  private QuietOption quiet = new QuietOption();

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    var listing = new Listing(out);
    if (Weights.looksLikeWeights(file)) {
      try (var weights = weightsKey == null ? Weights.open(file) : Weights.open(file, weightsKey)) {
        var models = models(weights);
        if (json) {
          out.print(Json.indented(InspectJson.of(weights, models)));
        } else {
          new WeightsText(listing).print(weights, models);
        }
      }
    } else {
      var model = OnnxSummary.read(file);
      var proven = ProvenFile.read(file);
      if (json) {
        out.print(Json.indented(InspectJson.of(model, proven)));
      } else {
        new OnnxText(listing).print(model, proven);
      }
    }
    return ExitCode.SUCCESS;
  }

  /**
   * The models in the weights.
   *
   * @throws ai.transonnx.InputException if the weights are not of the release that is named
   */
  private ModelListing models(WeightFile weights) {
    var named = Optional.ofNullable(release).map(Release::of);
    var models = ModelListing.of(weights, named);
    models.entries().stream()
        .findFirst()
        .flatMap(first -> first.guess().evidence())
        .flatMap(signs -> named.flatMap(signs::contradiction))
        .ifPresent(
            reason -> {
              throw weights.error(
                  "the weights are not of release %s: %s".formatted(release, reason));
            });
    return models;
  }
}
