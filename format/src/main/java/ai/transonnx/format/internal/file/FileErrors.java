package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** The reasons of failed file operations, for messages. */
public final class FileErrors {
  private FileErrors() {}

  /**
   * The reason of a failure, without the name of the file.
   *
   * @param ifMissing the reason to report if the file or folder is missing
   */
  public static @Nullable String reason(Throwable failure, String ifMissing) {
    if (failure instanceof FileSystemException e && e.getReason() != null) {
      return e.getReason();
    }
    if (failure instanceof NoSuchFileException) {
      return ifMissing;
    }
    return failure instanceof AccessDeniedException ? "no permission" : failure.getMessage();
  }

  /** The problem of a file that cannot be read, without its name. */
  public static String unreadable(IOException failure) {
    return failure instanceof FileSystemException
        ? String.valueOf(reason(failure, "no such file"))
        : "cannot be read: " + failure.getMessage();
  }
}
