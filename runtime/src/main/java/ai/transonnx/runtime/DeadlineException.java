package ai.transonnx.runtime;

import org.jspecify.annotations.Nullable;

/** A call was cancelled because the deadline of its {@link Cancellation} passed. */
public final class DeadlineException extends CancelledException {
  DeadlineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
