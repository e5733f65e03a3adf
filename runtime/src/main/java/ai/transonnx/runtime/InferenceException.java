package ai.transonnx.runtime;

import ai.transonnx.TransonnxException;
import org.jspecify.annotations.Nullable;

/**
 * Why a model could not be loaded or run. The message is one line for the person who reads it; the
 * subclass says what a service can do about it.
 *
 * <ul>
 *   <li>{@link ModelException}: the file is missing or damaged. Another file is needed.
 *   <li>{@link RequestException}: the call is wrong. Its subclasses say what of it: {@link
 *       NameException}, {@link TypeException}, {@link ShapeException}, {@link TokenException}.
 *   <li>{@link CancelledException}, {@link DeadlineException}: the caller ended it.
 *   <li>{@link BusyException}: too many calls wait, or another thread uses the loop. Later it may
 *       be done.
 *   <li>{@link MemoryLimitException}: it needs more memory than there is. A smaller call may be
 *       done.
 *   <li>{@link ClosedException}: the model is closed.
 *   <li>{@link DeviceException}: the device asked for is not available, or ONNX Runtime cannot be
 *       loaded at all.
 *   <li>{@link RunException}: the runtime failed, or computed what is not a number.
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
