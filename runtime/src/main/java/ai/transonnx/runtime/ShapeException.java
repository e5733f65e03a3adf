package ai.transonnx.runtime;

/** An input's rank or sizes are not those that the model takes. */
public final class ShapeException extends RequestException {
  ShapeException(String message) {
    super(message);
  }
}
