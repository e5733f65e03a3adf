package ai.transonnx.export.internal.weights;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/**
 * A user's file, or a file within it, as the start of error messages.
 *
 * @param part the name of a file within the file, or empty
 */
public record Location(Path file, String part) {
  public static Location of(Path file) {
    return new Location(file, "");
  }

  /** A file within this one. */
  public Location in(String name) {
    return new Location(file, name);
  }

  /** An exception whose message starts with this location. */
  public InputException error(String problem) {
    return new InputException(this + ": " + problem);
  }

  /**
   * The exception for a failure to read. An interrupt of the thread is a cancellation.
   *
   * @return an {@link InputException}, or a {@link CancellationException}
   */
  public RuntimeException failed(String problem, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      var cancelled = new CancellationException(this + ": reading was interrupted");
      cancelled.initCause(cause);
      return cancelled;
    }
    return new InputException(this + ": " + problem + ": " + cause.getMessage(), cause);
  }

  @Override
  public String toString() {
    return part.isEmpty() ? file.toString() : file + ": " + Printable.of(part);
  }
}
