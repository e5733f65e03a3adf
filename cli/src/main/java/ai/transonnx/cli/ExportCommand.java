package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.Acceptance;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.runtime.text.Tokenizers;
import ai.transonnx.verification.QualityGateException;
import java.nio.file.Path;
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

  private static final String ALL = "all";
  private static final String LAST = "last";

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

  @Option(
      names = "--inputs",
      split = ",",
      paramLabel = "NAME",
      description = {
        "The inputs of the model (default: the required ones).",
        "Some take a form: attn_mask:3d, attn_mask:4d or attn_mask:b1ij; pos:n or pos:float32.",
        "The name mem means all memories."
      })
  private List<String> inputs = List.of();

  @Option(
      names = "--outputs",
      split = ",",
      paramLabel = "NAME",
      description = "The outputs of the model, such as logits or loss (default: the main output).")
  private List<String> outputs = List.of();

  @Option(
      names = "--incremental",
      description = "Export with a KV cache or other state, for token-by-token generation.")
  private boolean incremental;

  @Option(
      names = "--logits",
      paramLabel = "all|last",
      description =
          "Output the logits of all positions, or of the last only, which is enough for"
              + " generation (default: all).")
  private String logits = ALL;

  @Mixin private OperatorOptions operators = new OperatorOptions();

  @Mixin private QuantizationOptions quantization = new QuantizationOptions();

  @Mixin private GateOptions gate = new GateOptions();

  @Option(names = "--batch", paramLabel = "N", description = "Fix the batch size (default: any).")
  private @Nullable Integer batch;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Fix the sequence length of a call (default: any).")
  private @Nullable Integer length;

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
    var graph = shaped(described.request());
    try (var weights = described.open();
        var progress = ProgressLine.of("export")) {
      if (verifyChecksums) {
        weights.verifyChecksums();
      }
      var model = described.resolve(weights, graph);
      model.notes().forEach(note -> Failures.note(spec.commandLine(), note));
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
      var result = Exporter.export(request.build());
      Stream.of(result.note(), result.tokenizerNote())
          .flatMap(Optional::stream)
          .forEach(note -> Failures.note(spec.commandLine(), note));
    } catch (ProvenExport.Refusal e) {
      spec.commandLine().getOut().println(e.getMessage());
      Failures.print(
          spec.commandLine().getErr(), output + ": not written, since it failed its verification");
      return ExitCode.FAILED;
    } catch (QualityGateException e) {
      Failures.print(
          spec.commandLine().getErr(),
          "%s: not written, since it failed its quality gate: %s"
              .formatted(output, e.result().verdict()));
      return ExitCode.FAILED;
    }
    return ExitCode.SUCCESS;
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
            text -> Failures.note(spec.commandLine(), text));
    return Stream.of(proven, gated).<Acceptance>flatMap(Optional::stream).reduce(Acceptance::and);
  }

  private GraphRequest shaped(GraphRequest main) {
    var request =
        main.toBuilder()
            .emit(quantization.applied(operators.emitOptions()))
            .lastLogits(isLast())
            .incremental(incremental || main.incremental());
    if (!inputs.isEmpty()) {
      request.inputs(inputs);
    }
    if (!outputs.isEmpty()) {
      request.outputs(outputs);
    }
    if (batch != null) {
      request.batch(positive("--batch", batch));
    }
    if (length != null) {
      request.length(positive("--length", length));
    }
    return request.build();
  }

  private boolean isLast() {
    if (!logits.equals(ALL) && !logits.equals(LAST)) {
      throw new InputException("--logits is '%s'; it must be all or last".formatted(logits));
    }
    return logits.equals(LAST);
  }

  private static int positive(String option, int size) {
    if (size < 1) {
      throw new InputException("%s is %s; it must be at least 1".formatted(option, size));
    }
    return size;
  }
}
