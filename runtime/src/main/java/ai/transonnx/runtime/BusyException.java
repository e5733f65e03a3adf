package ai.transonnx.runtime;

/**
 * The wait queue of a model is full, see {@link RunLimit}, or another thread uses the loop. The
 * call may succeed later.
 */
public final class BusyException extends InferenceException {
  BusyException(String message) {
    super(message, null);
  }
}
