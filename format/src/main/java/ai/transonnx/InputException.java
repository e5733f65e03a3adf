package ai.transonnx;

import org.jspecify.annotations.Nullable;

/** An invalid input: a file, a configuration or an argument. */
public class InputException extends TransonnxException {
  public InputException(String message) {
    this(message, null);
  }

  public InputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
