package ai.transonnx.runtime;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.tokenizer.TokenizerFile;
import ai.transonnx.runtime.internal.scan.ExternalLocations;
import java.nio.file.Path;
import java.util.List;

/**
 * The files that a model needs beside it. To copy a model, copy them as well.
 *
 * <pre>{@code
 * ModelFiles.weights(Path.of("model.onnx")); // [model.onnx.data]
 * ModelFiles.tokenizer(Path.of("model.onnx")); // model.onnx.tokenizer.json
 * }</pre>
 */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * The files with external weights, relative to the model's folder, in the order of their names.
   * They need not exist.
   *
   * @throws ModelException if the model cannot be read, is damaged, or names a file outside of its
   *     folder
   */
  public static List<Path> weights(Path model) {
    try {
      return List.copyOf(ExternalLocations.of(model));
    } catch (InputException e) {
      throw new ModelException(e);
    }
  }

  /** The tokenizer that an export writes beside the model, which need not exist. */
  public static Path tokenizer(Path model) {
    return TokenizerFile.beside(model);
  }
}
