package ai.transonnx.runtime;

/**
 * The caller asks for what the model cannot do. Where a service can tell more from the type, it is
 * one of the subclasses; this class itself is for options and everything else.
 */
public sealed class RequestException extends InferenceException
    permits NameException, TypeException, ShapeException, TokenException {
  public RequestException(String message) {
    super(message, null);
  }
}
