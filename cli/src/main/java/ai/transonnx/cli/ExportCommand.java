package ai.transonnx.cli;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.Acceptance;
import ai.transonnx.export.ExportResult;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.internal.onnx.OutputFiles;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.graph.CacheType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.internal.config.Json;
import ai.transonnx.runtime.text.Tokenizers;
import ai.transonnx.verification.QualityGateException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code transonnx export}. */
@Command(
    name = ExportCommand.NAME,
    description = "Export a trained model to an ONNX file.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  static final String NAME = "export";

  private final Optional<Fingerprint> early;

  @Spec private CommandSpec spec = CommandSpec.create();

  @ArgGroup(multiplicity = "1")
  private ModelSource source = new ModelSource();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "MODEL.onnx",
      description = "The file to write.")
  private Path output = Path.of("");

  @Mixin private GraphOptions options = new GraphOptions();

  @Mixin private OperatorOptions operators = new OperatorOptions();

  @Option(
      names = "--cache-dtype",
      paramLabel = "float16",
      converter = CacheTypeConverter.class,
      description =
          "Keep the keys and values of a float32 or quantized model in float16: half of the memory"
              + " of the KV cache. They are rounded when they are stored, and computed with in"
              + " float32.")
  private @Nullable CacheType cacheType;

  @Mixin private QuantizationOptions quantization = new QuantizationOptions();

  @Mixin private GateOptions gate = new GateOptions();

  @Option(
      names = "--external-data",
      description = "Write the weights to MODEL.onnx.data even if they fit into MODEL.onnx.")
  private boolean externalData;

  @Option(
      names = "--allow-expanded-tensors",
      description =
          "Write tensors that PyTorch saved expanded, even if the output becomes much larger than"
              + " the weights.")
  private boolean allowExpandedTensors;

  @Option(
      names = "--verify-checksums",
      description =
          "Read the weights once more first, and compare them with the checksums in the file"
              + " (PyTorch since 1.6, and NumPy npz).")
  private boolean verifyChecksums;

  @Option(
      names = "--tokenizer",
      paramLabel = "tokenizer.json",
      description =
          "The model's tokenizer, a tokenizer.json of Hugging Face from a source that you trust. It"
              + " is copied to MODEL.onnx.tokenizer.json, where generate finds it.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--verify",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "CASES",
      description =
          "Write the file only if it passes its verification on the CPU: with the golden cases in"
              + " the folder CASES or those of --case, else with made inputs, against the same"
              + " computation in float64. MODEL.onnx.proof.json records the results.")
  private @Nullable String verify;

  @Option(
      names = "--json",
      description =
          "Print a JSON object about the written model: files, bytes, opset, inputs, outputs, state"
              + " and warnings.")
  private boolean json;

  @Mixin private QuietOption quiet = new QuietOption();

  /** The notes that have been printed. */
  private final List<String> notes = new ArrayList<>();

  /** An export that computes the hash of the weights itself. */
  ExportCommand() {
    this(Optional.empty());
  }

  /**
   * An export.
   *
   * @param early the hash of the weights, if it is already being computed
   */
  ExportCommand(Optional<Fingerprint> early) {
    this.early = early;
  }

  @Override
  public Integer call() {
    var described = source.read();
    var graph = options.request(described.request(), emitOptions());
    try (var weights = described.open();
        var progress = quiet.progress("export")) {
      if (verifyChecksums) {
        weights.verifyChecksums();
      }
      var model = described.resolve(weights, graph);
      var opened = new OpenedSource(described, model.architecture(), weights, allowExpandedTensors);
      var request =
          opened.request(graph, output).externalData(externalData).progress(progress::update);
      if (tokenizer != null) {
        Tokenizers.open(tokenizer).close();
        request.tokenizer(tokenizer);
      }
      quantization.calibration(tokenizer).ifPresent(request::calibration);
      acceptance(opened, graph).ifPresent(request::acceptance);
      early
          .filter(fingerprint -> fingerprint.files().equals(weights.files()))
          .ifPresent(request::fingerprint);
      var checked = request.build();
      checkOutput(described, weights);
      model.notes().forEach(this::warn);
      report(Exporter.export(checked));
    } catch (ProvenExport.Refusal e) {
      var command = spec.commandLine();
      (json ? command.getErr() : command.getOut()).println(e.getMessage());
      return refused("its verification");
    } catch (QualityGateException e) {
      return refused("its quality gate: " + e.result().verdict());
    }
    return ExitCode.SUCCESS;
  }

  private EmitOptions emitOptions() {
    var emit = quantization.applied(operators.emitOptions());
    return cacheType == null ? emit : emit.withCacheType(cacheType);
  }

  private void report(ExportResult result) {
    Stream.of(result.note(), result.tokenizerNote()).flatMap(Optional::stream).forEach(this::warn);
    if (json) {
      var out = spec.commandLine().getOut();
      out.print(Json.indented(ExportJson.of(result, notes)));
    }
  }

  private int refused(String what) {
    Failures.print(
        spec.commandLine().getErr(), "%s: not written, since it failed %s".formatted(output, what));
    return ExitCode.FAILED;
  }

  private void warn(String note) {
    notes.add(note);
    quiet.note(spec, note);
  }

  /** The exporter does the same, but notes come after everything about the arguments. */
  private void checkOutput(ModelSource.Described described, WeightFile weights) {
    var sources = Stream.concat(weights.files().stream(), described.files().stream()).toList();
    OutputFiles.checked(output, sources, Optional.empty());
  }

  private Optional<Acceptance> acceptance(OpenedSource opened, GraphRequest graph) {
    var described = opened.described();
    var proven =
        Optional.ofNullable(verify)
            .map(cases -> cases.isEmpty() ? Optional.<Path>empty() : Optional.of(Path.of(cases)))
            .map(cases -> new ProvenExport(output, described, cases, quantization));
    var gated =
        gate.acceptance(
            output,
            described.caseFolder(),
            graph,
            (other, file) -> opened.request(other, file).build(),
            this::warn);
    return Stream.of(proven, gated).<Acceptance>flatMap(Optional::stream).reduce(Acceptance::and);
  }
}
