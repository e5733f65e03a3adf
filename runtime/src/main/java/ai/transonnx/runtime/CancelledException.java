package ai.transonnx.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A call ended early because its {@link Cancellation} was cancelled or its time was up, or because
 * its thread was interrupted, as it then still is.
 */
public sealed class CancelledException extends InferenceException permits DeadlineException {
  CancelledException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
