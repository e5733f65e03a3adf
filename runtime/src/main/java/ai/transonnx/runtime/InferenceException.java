package ai.transonnx.runtime;

import ai.transonnx.TransonnxException;
import org.jspecify.annotations.Nullable;

/**
 * A model could not be loaded or run. The message is one line for a person; the subclass is for the
 * program that reacts to it.
 *
 * <ul>
 *   <li>{@link ModelException}: the file is missing or damaged. Another file is needed.
 *   <li>{@link RequestException}: the call is invalid. Its subclasses are {@link NameException},
 *       {@link TypeException}, {@link ShapeException} and {@link TokenException}.
 *   <li>{@link CancelledException}, {@link DeadlineException}: the caller cancelled the call.
 *   <li>{@link BusyException}: the wait queue is full, or another thread uses the loop. The call
 *       may succeed later.
 *   <li>{@link MemoryLimitException}: not enough memory. A smaller call may succeed.
 *   <li>{@link ClosedException}: the model or loop is closed.
 *   <li>{@link DeviceException}: the requested device is not available, or ONNX Runtime cannot be
 *       loaded.
 *   <li>{@link RunException}: ONNX Runtime failed, or the result is not a number.
 * </ul>
 */
public abstract sealed class InferenceException extends TransonnxException
    permits BusyException,
        CancelledException,
        ClosedException,
        DeviceException,
        MemoryLimitException,
        ModelException,
        RequestException,
        RunException {
  InferenceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
