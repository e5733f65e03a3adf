package ai.transonnx.export;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.export.internal.onnx.OnnxWriter;
import ai.transonnx.export.internal.onnx.OutputFiles;
import ai.transonnx.export.internal.weights.Fingerprint;
import java.util.stream.Stream;

/**
 * Writes a model with its weights as an ONNX file.
 *
 * <pre>{@code
 * try (var weights = Weights.open(Path.of("model.safetensors"))) {
 *   var origin = new Provenance("token-shift-gpt", "0.0.4", configJson);
 *   Exporter.export(ExportRequest.of(model, weights, origin, Path.of("model.onnx")));
 * }
 * }</pre>
 */
public final class Exporter {
  private Exporter() {}

  /**
   * Binds the weights to the model's parameters and writes the file. Memory does not grow with the
   * weights. If anything fails, nothing is left behind, and what had the output's name before is
   * still there. It is replaced as a whole: who has it open goes on with what it was, a symbolic
   * link becomes a file, and of several exports to one name the last to end stays.
   *
   * @throws InputException if the output cannot be written, or the weights do not fit the model: a
   *     tensor is missing, has another shape or type, or is not used
   * @throws java.util.concurrent.CancellationException if the thread is interrupted, or the JVM
   *     ends meanwhile
   */
  public static ExportResult export(ExportRequest export) {
    var weights = export.weights();
    var sources = Stream.concat(weights.files().stream(), export.sources().stream()).toList();
    var target = OutputFiles.checked(export.output(), sources);
    var parameters = export.model().graph().parameters();
    var binding = Binding.bind(parameters, weights, export.unusedWeights());
    var fingerprint = export.fingerprint().orElseGet(() -> Fingerprint.start(weights.files()));
    long total =
        parameters.stream().mapToLong(p -> p.shape().elements() * p.elements().bytes()).sum();
    var metadata = Metadata.of(export.model(), export.origin());
    var files =
        new OnnxWriter(export.model(), metadata, ToolVersion.current())
            .write(
                binding,
                fingerprint,
                target,
                export.isExternal(),
                done -> export.progress().update(done, total));
    return new ExportResult(files, binding.prefix(), binding.others());
  }
}
