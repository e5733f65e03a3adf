package ai.transonnx.runtime;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** The reasons of failed file operations, for messages. */
final class FileErrors {
  private FileErrors() {}

  /**
   * The reason of a failure, without the name of the file.
   *
   * @param ifMissing the reason to report if the file or folder is missing
   */
  static @Nullable String reason(Throwable failure, String ifMissing) {
    if (failure instanceof NoSuchFileException) {
      return ifMissing;
    }
    if (failure instanceof AccessDeniedException) {
      return "no permission";
    }
    return failure instanceof FileSystemException e && e.getReason() != null
        ? e.getReason()
        : failure.getMessage();
  }
}
