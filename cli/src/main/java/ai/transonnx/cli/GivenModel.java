package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.export.Weights;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model file that a user names. Has no state. */
final class GivenModel {
  private GivenModel() {}

  /**
   * Loads a model.
   *
   * @throws ai.transonnx.TransonnxException if it cannot be loaded
   */
  static OnnxModel load(Path file, ModelOptions options) {
    checkIsExported(file);
    return OnnxModel.load(file, options);
  }

  /**
   * Refuses a checkpoint. Other files that are no models are left to those who read them.
   *
   * @throws InputException if the file has weights instead of a model
   */
  static void checkIsExported(Path file) {
    if (Files.isRegularFile(file) && Weights.looksLikeWeights(file) && !isModel(file)) {
      throw new InputException(
          "%s: this is a checkpoint, not an ONNX model; export it first: transonnx export --config CONFIG.json --weights %s --output MODEL.onnx"
              .formatted(file, file));
    }
  }

  /** The first bytes of a model may be those of a weight format. */
  private static boolean isModel(Path file) {
    try {
      OnnxModel.check(file);
      return true;
    } catch (ModelException e) {
      return false;
    }
  }
}
