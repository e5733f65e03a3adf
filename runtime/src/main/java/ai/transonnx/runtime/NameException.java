package ai.transonnx.runtime;

/** The model has no input or output of a name that was given, or lacks one that it needs. */
public final class NameException extends RequestException {
  NameException(String message) {
    super(message);
  }
}
