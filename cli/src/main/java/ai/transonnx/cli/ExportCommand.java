package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Json;
import ai.transonnx.export.Export;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Origin;
import ai.transonnx.export.Weights;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.golden.CaseChecks;
import ai.transonnx.golden.CaseFolder;
import ai.transonnx.registry.Architectures;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code transonnx export}. */
@Command(
    name = "export",
    description = "Write a trained model as an ONNX file.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  private static final String ALL = "all";
  private static final String LAST = "last";

  /** A configuration and its weights. */
  static final class Source {
    @Option(
        names = "--library",
        paramLabel = "L",
        description = "The Python library (default: the configuration file's 'library').")
    @Nullable String library;

    @Option(
        names = "--config",
        required = true,
        paramLabel = "CONFIG.json",
        description =
            "The class and its constructor's keyword arguments; they may also stand under 'config',"
                + " with 'library' beside.")
    Path config = Path.of("");

    @Option(
        names = "--weights",
        required = true,
        paramLabel = "FILE",
        description = {
          "The trained weights: safetensors or an index of shards, PyTorch, NumPy npz, Paddle",
          "pdparams. The content tells which."
        })
    Path weights = Path.of("");

    @Option(
        names = "--weights-key",
        paramLabel = "KEY",
        description =
            "Where in a PyTorch or Paddle checkpoint the state dict is (default: at the top, or under"
                + " model, state_dict, model_state_dict or module).")
    @Nullable String weightsKey;
  }

  /** A step of a case folder. */
  static final class CaseStep {
    @Option(
        names = "--case",
        required = true,
        paramLabel = "FOLDER",
        description = "A case folder, instead of library, configuration and weights.")
    Path folder = Path.of("");

    @Option(
        names = "--step",
        paramLabel = "K",
        description = "The step whose graph is wanted (default: ${DEFAULT-VALUE}).")
    int step = 0;
  }

  /** Where the model comes from. */
  static final class From {
    @ArgGroup(exclusive = false)
    @Nullable Source source;

    @ArgGroup(exclusive = false)
    @Nullable CaseStep caseStep;
  }

  private record Job(
      Architecture architecture, GraphRequest request, JsonNode config, Path weights) {}

  private final @Nullable Fingerprint early;

  @Spec private CommandSpec spec = CommandSpec.create();

  @ArgGroup(multiplicity = "1")
  private From from = new From();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "MODEL.onnx",
      description = "The file to write.")
  private Path output = Path.of("");

  @Option(
      names = "--inputs",
      split = ",",
      paramLabel = "NAME",
      description = {
        "The model's inputs (default: those that it cannot do without).",
        "Some have forms: attn_mask:3d, :4d or :b1ij, pos:float32; mem stands for all memories."
      })
  private List<String> inputs = List.of();

  @Option(
      names = "--outputs",
      split = ",",
      paramLabel = "NAME",
      description = "The model's outputs, such as logits or loss (default: the main one).")
  private List<String> outputs = List.of();

  @Option(
      names = "--incremental",
      description = "Let what came before go in and out as state, for generation.")
  private boolean incremental;

  @Option(
      names = "--logits",
      paramLabel = "all|last",
      description =
          "Give the logits of all positions, or of the last alone, which is what generation needs"
              + " (default: all).")
  private String logits = ALL;

  @Mixin private OperatorOptions operators = new OperatorOptions();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Fix the number of sequences of a call (default: any).")
  private @Nullable Integer batch;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Fix the number of positions of a call (default: any).")
  private @Nullable Integer length;

  @Option(
      names = "--external-data",
      description = "Write the weights to MODEL.onnx.data even if they fit into MODEL.onnx.")
  private boolean externalData;

  /**
   * Begins with what takes longest: hashing the weights, before the arguments are even parsed.
   *
   * @param args the arguments as they are given
   */
  ExportCommand(String... args) {
    early = early(args);
  }

  private static @Nullable Fingerprint early(String... args) {
    int option = List.of(args).indexOf("--weights");
    if (option < 0 || option + 1 == args.length) {
      return null;
    }
    try {
      return Fingerprint.start(Path.of(args[option + 1]));
    } catch (InputException | InvalidPathException e) {
      return null; // reported when the weights are opened
    }
  }

  @Override
  public Integer call() {
    var job = job();
    try (var weights = open(job.weights());
        var progress = ProgressLine.of("export")) {
      var origin = Origin.of(job.architecture(), job.config());
      var model = job.architecture().build(job.request());
      var export =
          Export.of(model, weights, origin, output)
              .withUnneeded(List.copyOf(job.architecture().unneeded(job.request())))
              .withExternalData(externalData)
              .withProgress(progress::update);
      var begun = early;
      boolean isSame = begun != null && begun.files().equals(weights.files());
      Exporter.export(begun != null && isSame ? export.withFingerprint(begun) : export)
          .note()
          .ifPresent(note -> spec.commandLine().getErr().println("transonnx: note: " + note));
    }
    return ExitCode.DONE;
  }

  private WeightFile open(Path weights) {
    var key = from.source == null ? null : from.source.weightsKey;
    return key == null ? Weights.open(weights) : Weights.open(weights, key);
  }

  private Job job() {
    if (from.source != null) {
      return job(from.source);
    }
    var caseStep = Objects.requireNonNull(from.caseStep);
    var folder = CaseFolder.read(caseStep.folder);
    var request = CaseChecks.request(folder, folder.step(caseStep.step));
    return new Job(folder.architecture(), shaped(request), folder.config(), folder.weights());
  }

  private Job job(Source source) {
    var json = Json.read(source.config);
    var config = json.path("config").isObject() ? json.path("config") : json;
    var library = source.library != null ? source.library : json.path("library").asText();
    if (library.isEmpty()) {
      throw new InputException(
          source.config
              + ": it has no 'library' beside a 'config'; say whose class it is with --library");
    }
    try {
      var architecture = Architectures.of(Library.of(library), config);
      return new Job(architecture, shaped(GraphRequest.main()), config, source.weights);
    } catch (ConfigException e) {
      throw new InputException(source.config + ": " + e.getMessage(), e);
    }
  }

  private GraphRequest shaped(GraphRequest main) {
    var request = main.withDialect(operators.dialect());
    request = inputs.isEmpty() ? request : request.withInputs(inputs);
    request = outputs.isEmpty() ? request : request.withOutputs(outputs);
    request = request.withLastLogits(isLast());
    request = incremental ? request.withIncremental(true) : request;
    request = batch == null ? request : request.withBatch(positive("--batch", batch));
    return length == null ? request : request.withLength(positive("--length", length));
  }

  private boolean isLast() {
    if (!logits.equals(ALL) && !logits.equals(LAST)) {
      throw new InputException("--logits is '%s'; it must be all or last".formatted(logits));
    }
    return logits.equals(LAST);
  }

  private static int positive(String option, int size) {
    if (size < 1) {
      throw new InputException("%s is %d; it must be at least 1".formatted(option, size));
    }
    return size;
  }
}
