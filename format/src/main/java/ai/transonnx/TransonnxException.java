package ai.transonnx;

import ai.transonnx.format.internal.Printable;
import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that a caller may handle. The message is one line for the person who
 * reads it: what was given, what was expected, what to do. The middle of very long paths and values
 * is left out.
 *
 * <ul>
 *   <li>{@link InputException}: a file, a configuration or an argument is invalid.
 *   <li>{@code GraphException}: an architecture builds an invalid graph.
 *   <li>{@code InferenceException}: a model cannot be loaded or run; its subclasses say why.
 * </ul>
 */
public abstract class TransonnxException extends RuntimeException {
  private final String message;

  protected TransonnxException(String message, @Nullable Throwable cause) {
    super(cause);
    this.message = Printable.message(message);
  }

  @Override
  public final String getMessage() {
    return message;
  }
}
