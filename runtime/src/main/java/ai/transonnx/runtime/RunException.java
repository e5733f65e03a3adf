package ai.transonnx.runtime;

import org.jspecify.annotations.Nullable;

/** ONNX Runtime failed during a call, or the result is not a number. */
public final class RunException extends InferenceException {
  public RunException(String message) {
    this(message, null);
  }

  public RunException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
