package ai.transonnx.runtime;

/** An input has a shape that the model does not accept. */
public final class ShapeException extends RequestException {
  ShapeException(String message) {
    super(message);
  }
}
