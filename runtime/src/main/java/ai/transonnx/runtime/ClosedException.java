package ai.transonnx.runtime;

/** A model or loop was used after it was closed. */
public final class ClosedException extends InferenceException {
  public ClosedException(String message) {
    super(message, null);
  }
}
