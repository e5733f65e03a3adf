package ai.transonnx.verification.runner;

import ai.transonnx.TransonnxException;
import org.jspecify.annotations.Nullable;

/** A runtime did not load or run a model. The message is one line. */
public class RunnerException extends TransonnxException {
  private static final long serialVersionUID = 1;

  /** An exception with one line for the user. */
  public RunnerException(String message) {
    super(message, null);
  }

  /** An exception with one line for the user, and its cause. */
  public RunnerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
