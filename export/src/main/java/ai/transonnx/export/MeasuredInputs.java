package ai.transonnx.export;

import ai.transonnx.InputException;
import ai.transonnx.export.calibration.InputMoments;
import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.export.internal.expression.Evaluation;
import ai.transonnx.export.internal.onnx.OnnxWriter;
import ai.transonnx.export.internal.onnx.OutputFiles;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The inputs of a model's matrices, if it is calibrated, and the temporary folder with the float32
 * model that has them.
 */
record MeasuredInputs(InputMoments moments, Optional<TemporaryFolder> folder)
    implements AutoCloseable {
  private static final String FILE = "float32.onnx";

  /**
   * Exports the model in float32 and starts its calibration, if the request has one.
   *
   * @throws InputException if the model cannot be written
   */
  static MeasuredInputs of(ExportRequest request, WeightFile weights, Fingerprint fingerprint) {
    var calibration = request.calibration();
    if (calibration.isEmpty()) {
      return new MeasuredInputs(InputMoments.UNKNOWN, Optional.empty());
    }
    var folder = folder(request.output());
    try {
      var file = folder.path().resolve(FILE);
      write(request, weights, fingerprint, file);
      return new MeasuredInputs(calibration.get().moments(file), Optional.of(folder));
    } catch (RuntimeException e) {
      close(folder);
      throw e;
    }
  }

  private static TemporaryFolder folder(Path output) {
    try {
      return TemporaryFolder.beside(output);
    } catch (IOException e) {
      String reason = FileErrors.reason(e, "its directory is missing");
      throw new InputException(output + ": cannot be written: " + reason, e);
    }
  }

  private static void write(
      ExportRequest request, WeightFile weights, Fingerprint fingerprint, Path file) {
    var model = request.plainModel();
    var binding = Binding.bind(model.graph().parameters(), weights, request.nameRules());
    var metadata = Metadata.of(model, request.provenance());
    new OnnxWriter(model, metadata, ToolVersion.current())
        .write(
            new Evaluation(binding),
            fingerprint,
            new OutputFiles(file, Optional.empty()),
            true,
            done -> {});
  }

  @Override
  public void close() {
    moments.close();
    folder.ifPresent(MeasuredInputs::close);
  }

  private static void close(TemporaryFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      throw new InputException(
          "%s: cannot be deleted: %s"
              .formatted(folder.path(), FileErrors.reason(e, "it is missing")),
          e);
    }
  }
}
