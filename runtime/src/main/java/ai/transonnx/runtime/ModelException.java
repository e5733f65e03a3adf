package ai.transonnx.runtime;

import ai.transonnx.InputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model file is missing or damaged, or its metadata is invalid: {@code model.onnx: metadata
 * 'transonnx.max_length' is 'many', not a positive number}.
 */
public final class ModelException extends InferenceException {
  public ModelException(Path file, String problem) {
    this(file, problem, null);
  }

  public ModelException(Path file, String problem, @Nullable Throwable cause) {
    super(file + ": " + problem, cause);
  }

  /** The same problem; the message of {@code cause} names the file. */
  ModelException(InputException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}
