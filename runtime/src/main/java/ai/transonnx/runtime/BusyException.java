package ai.transonnx.runtime;

/**
 * A call, or a loop's or generation's first, was turned away because as many as may wait for the
 * model do; see {@link RunLimit}.
 */
public final class BusyException extends InferenceException {
  BusyException(String message) {
    super(message, null);
  }
}
