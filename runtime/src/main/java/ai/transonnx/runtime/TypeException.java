package ai.transonnx.runtime;

/** An input has another element type than the model accepts. */
public final class TypeException extends RequestException {
  TypeException(String message) {
    super(message);
  }
}
