package ai.transonnx.verification.internal.graph;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Messages of runtimes about files in a temporary folder, which are gone when they are read. */
public final class TemporaryPaths {
  private TemporaryPaths() {}

  /** A message with the names of files in a folder instead of their paths. */
  public static String removed(@Nullable String message, Path folder) {
    var separator = folder.getFileSystem().getSeparator();
    return String.valueOf(message).replace(folder + separator, "");
  }
}
