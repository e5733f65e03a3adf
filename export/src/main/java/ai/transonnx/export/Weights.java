package ai.transonnx.export;

import ai.transonnx.InputException;
import ai.transonnx.export.safetensors.SafetensorsFile;
import ai.transonnx.export.weights.WeightFile;
import java.nio.file.Path;

/** Opens files of weights. */
public final class Weights {
  private Weights() {}

  /**
   * Opens a file of weights; the content tells the format.
   *
   * @throws InputException if the file is missing or unreadable, or not a valid file of a format
   *     that is read here: safetensors
   */
  public static WeightFile open(Path path) {
    return SafetensorsFile.open(path);
  }
}
