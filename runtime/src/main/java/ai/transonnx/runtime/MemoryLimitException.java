package ai.transonnx.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A call needs more memory than is available or allowed: by {@link ModelOptions#memoryLimit}, by
 * the device's limit, or by the 2 GiB of one Java buffer.
 */
public final class MemoryLimitException extends InferenceException {
  public MemoryLimitException(String message) {
    this(message, null);
  }

  public MemoryLimitException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
