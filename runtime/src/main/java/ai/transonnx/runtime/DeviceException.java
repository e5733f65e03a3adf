package ai.transonnx.runtime;

import org.jspecify.annotations.Nullable;

/**
 * The device that was asked for cannot be used here, or none can, since ONNX Runtime cannot be
 * loaded; the message says what is missing.
 */
public final class DeviceException extends InferenceException {
  DeviceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
