package ai.transonnx.runtime;

import org.jspecify.annotations.Nullable;

/**
 * The requested device is not available, or ONNX Runtime cannot be loaded; the message names the
 * missing part.
 */
public final class DeviceException extends InferenceException {
  DeviceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
