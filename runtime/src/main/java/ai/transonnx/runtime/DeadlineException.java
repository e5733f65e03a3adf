package ai.transonnx.runtime;

import org.jspecify.annotations.Nullable;

/** A call ended early because the time of its {@link Cancellation} was up. */
public final class DeadlineException extends CancelledException {
  DeadlineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
