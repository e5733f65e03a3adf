package ai.transonnx.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A call was cancelled by its {@link Cancellation} or by an interrupt of its thread, whose
 * interrupt status stays set.
 */
public sealed class CancelledException extends InferenceException permits DeadlineException {
  CancelledException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
