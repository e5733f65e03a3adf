package ai.transonnx.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Why a model could not be loaded or run. The message is one line for the person who reads it. The
 * subclass says whose turn it is: the model's ({@link ModelException}), the caller's ({@link
 * RequestException}, {@link ClosedException}), nobody's ({@link CancelledException}) or the
 * runtime's ({@link RunException}).
 */
public abstract sealed class InferenceException extends RuntimeException
    permits ModelException, RequestException, ClosedException, CancelledException, RunException {
  private final String message;

  InferenceException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.message = message;
  }

  @Override
  public final String getMessage() {
    return message;
  }
}
