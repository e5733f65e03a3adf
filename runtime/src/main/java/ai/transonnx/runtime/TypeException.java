package ai.transonnx.runtime;

/** An input's elements are of another type than the model takes. */
public final class TypeException extends RequestException {
  TypeException(String message) {
    super(message);
  }
}
