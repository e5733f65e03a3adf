package ai.transonnx.runtime;

/**
 * A call or option is invalid. Subclasses exist for names, types, shapes and tokens; this class
 * itself is used for everything else.
 */
public sealed class RequestException extends InferenceException
    permits NameException, TypeException, ShapeException, TokenException {
  public RequestException(String message) {
    super(message, null);
  }
}
