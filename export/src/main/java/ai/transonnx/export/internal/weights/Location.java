package ai.transonnx.export.internal.weights;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/**
 * A place in a user's file, for messages.
 *
 * @param part a file within the file, or empty
 */
public record Location(Path file, String part) {
  public static Location of(Path file) {
    return new Location(file, "");
  }

  /** A file within this one. */
  public Location in(String name) {
    return new Location(file, name);
  }

  /** What is wrong here, as a line that starts with the place. */
  public InputException error(String problem) {
    return new InputException(this + ": " + problem);
  }

  /**
   * What to tell the user of a failure to read; that of an interrupted thread is its own kind.
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
