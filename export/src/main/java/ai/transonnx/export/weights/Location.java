package ai.transonnx.export.weights;

import ai.transonnx.InputException;
import ai.transonnx.Printable;
import java.nio.file.Path;

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

  @Override
  public String toString() {
    return part.isEmpty() ? file.toString() : file + ": " + Printable.of(part);
  }
}
