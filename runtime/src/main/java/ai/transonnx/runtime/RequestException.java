package ai.transonnx.runtime;

/** The caller asks for what the model cannot do: an unknown input, a wrong shape, a bad option. */
public final class RequestException extends InferenceException {
  public RequestException(String message) {
    super(message, null);
  }
}
