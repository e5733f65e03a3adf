package ai.transonnx.runtime;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** What failed with a file, made fit for people. */
final class FileErrors {
  private FileErrors() {}

  /**
   * Why something failed, without the name of the file.
   *
   * @param ifMissing what to say of a file or folder that is not there
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
