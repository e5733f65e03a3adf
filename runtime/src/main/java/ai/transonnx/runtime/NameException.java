package ai.transonnx.runtime;

/** The model has no input or output with this name, or the call lacks an input. */
public final class NameException extends RequestException {
  NameException(String message) {
    super(message);
  }
}
