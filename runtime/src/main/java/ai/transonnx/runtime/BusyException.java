package ai.transonnx.runtime;

/**
 * The wait queue of a model is full, see {@link RunLimit}, another thread uses the loop, or a
 * scheduler has as many requests as it takes. The call may succeed later.
 */
public final class BusyException extends InferenceException {
  public BusyException(String message) {
    super(message, null);
  }
}
