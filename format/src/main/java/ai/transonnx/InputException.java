package ai.transonnx;

import org.jspecify.annotations.Nullable;

/**
 * Something that the user gave is wrong: a file, a configuration, an argument. The message is one
 * line for the person who reads it: what was given, what was expected, what to do.
 */
public class InputException extends RuntimeException {
  public InputException(String message) {
    this(message, null);
  }

  public InputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
