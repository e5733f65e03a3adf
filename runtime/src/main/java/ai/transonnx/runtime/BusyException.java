package ai.transonnx.runtime;

/**
 * A call was turned away: a loop's or generation's first, or any other of a model, because as many
 * as may wait for it do, see {@link RunLimit}; or one of a loop that another thread uses.
 */
public final class BusyException extends InferenceException {
  BusyException(String message) {
    super(message, null);
  }
}
