package ai.transonnx.export;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.export.internal.expression.Evaluation;
import ai.transonnx.export.internal.onnx.OnnxWriter;
import ai.transonnx.export.internal.onnx.OutputFiles;
import ai.transonnx.export.internal.onnx.StagedFiles;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.tokenizer.TokenizerFile;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Writes a model with its weights as an ONNX file.
 *
 * <pre>{@code
 * var gpt = Architectures.of(Library.TOKEN_SHIFT_GPT, configJson);
 * Exporter.export(gpt, Path.of("model.safetensors"), Path.of("model.onnx"));
 * }</pre>
 *
 * <p>Threads may export at the same time.
 */
public final class Exporter {
  private static final long MAX_EXPANSION = 64L << 20;

  private Exporter() {}

  /**
   * Exports the main graph of an architecture; {@link ExportRequest} has the options.
   *
   * @param weights safetensors or an index of shards, PyTorch, NumPy npz or Paddle pdparams
   * @param output the file to write
   * @throws InputException as {@link #export(ExportRequest)}
   */
  public static ExportResult export(Architecture architecture, Path weights, Path output) {
    return export(ExportRequest.builder(architecture, weights, output).build());
  }

  /**
   * Binds the weights to the model's parameters and writes the file. Heap usage does not grow with
   * the weights. Tensors of a checkpoint that only training needs are skipped. If anything fails,
   * no file is left behind, and an existing file of the output's name is unchanged. The output is
   * replaced as a whole: a program that has the old file open continues to read the old content,
   * and of several exports to one name the last to end wins. The file is on disk when the call
   * returns. A symbolic link stays, and the file that it points to is replaced, with its
   * permissions. The tokenizer and external data are replaced just before the model: a process that
   * is killed in between leaves new ones with the old model.
   *
   * @throws InputException if the request has inputs or outputs that the architecture lacks, the
   *     output cannot be written or is larger than the free disk space, the weights cannot be read
   *     or expand without permission, or they do not fit the model: a tensor is missing, has
   *     another shape or type, or is not used; several sets of tensors in the file fit it; or the
   *     tokenizer does not fit it
   * @throws RuntimeException if the {@link ExportRequest.Builder#acceptance} refuses the model
   * @throws java.util.concurrent.CancellationException if the thread is interrupted, or the JVM
   *     shuts down meanwhile
   */
  public static ExportResult export(ExportRequest request) {
    var opened = request.openedWeights();
    if (opened != null) {
      return export(request, opened);
    }
    try (var weights = request.openWeights()) {
      return export(request, weights);
    }
  }

  /**
   * Whether the weights of a request fit its model, so that {@link #export(ExportRequest)} finds
   * all tensors. Of several sets of tensors, one suffices. Reads no values and writes nothing.
   *
   * @throws InputException if the weights cannot be read, or the architecture lacks a requested
   *     input or output
   */
  public static boolean fits(ExportRequest request) {
    var opened = request.openedWeights();
    if (opened != null) {
      return fits(request, opened);
    }
    try (var weights = request.openWeights()) {
      return fits(request, weights);
    }
  }

  private static boolean fits(ExportRequest request, WeightFile weights) {
    return Binding.fits(request.model().graph().parameters(), weights, request.nameRules());
  }

  private static ExportResult export(ExportRequest request, WeightFile weights) {
    var sources = Stream.concat(weights.files().stream(), request.otherSources().stream()).toList();
    var tokenizer = request.tokenizer().map(TokenizerFile::read);
    var files = OutputFiles.checked(request.output(), sources, tokenizer);
    var model = request.model();
    var tokenizerNote = tokenizer.flatMap(file -> TokenizerCheck.check(file, model));
    var parameters = model.graph().parameters();
    var binding = Binding.bind(parameters, weights, request.nameRules());
    if (!request.allowsExpandedTensors()) {
      checkExpansion(binding);
    }
    var fingerprint = request.fingerprint().orElseGet(() -> Fingerprint.start(weights.files()));
    long total = parameters.stream().mapToLong(p -> p.elements().bytes(p.shape().elements())).sum();
    var metadata = Metadata.of(model, request.provenance());
    if (request.calibration().isPresent()) {
      metadata.merge(MetadataKey.QUANTIZATION.key(), " calibrated", String::concat);
    }
    tokenizer.ifPresent(file -> metadata.put(MetadataKey.TOKENIZER_SHA256.key(), file.sha256()));
    var writer = new OnnxWriter(model, metadata, ToolVersion.current());
    try (var inputs = MeasuredInputs.of(request, weights, fingerprint)) {
      var evaluation = new Evaluation(binding, inputs.moments());
      Function<OutputFiles, List<Path>> write =
          target ->
              writer.write(
                  evaluation,
                  fingerprint,
                  target,
                  request.externalData(),
                  done -> request.progress().update(done, total));
      var written =
          request
              .acceptance()
              .map(acceptance -> new StagedFiles(files, write, acceptance::accept).write())
              .orElseGet(() -> write.apply(files));
      return new ExportResult(written, binding.selection(), tokenizerNote);
    }
  }

  /** Refuses tensors that take much more space in the output than in the weights. */
  private static void checkExpansion(Binding binding) {
    long left = MAX_EXPANSION;
    for (var tensor : new TreeMap<>(binding.tensors()).values()) {
      long repeated = tensor.content().repeatedBytes();
      if (repeated > left) {
        throw binding
            .file()
            .error(
                "'%s' %s is expanded: the file stores fewer elements than that, and the output would have %s MiB of copies; save a contiguous copy, or allow expanded tensors (--allow-expanded-tensors)"
                    .formatted(Printable.of(tensor.name()), tensor.shape(), repeated >> 20));
      }
      left -= repeated;
    }
  }
}
