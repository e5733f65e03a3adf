package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Temporary files without a name, which no other user can read. */
public final class TemporaryFiles {
  private TemporaryFiles() {}

  /** The folder for temporary files, {@code java.io.tmpdir}. */
  public static Path directory() {
    return Path.of(System.getProperty("java.io.tmpdir", "")).toAbsolutePath();
  }

  /**
   * Opens a new, empty file in {@link #directory}, for reading and writing. Its name is deleted
   * right after it is opened, or when it is closed if the system cannot delete open files.
   */
  public static FileChannel open() throws IOException {
    var directory = directory();
    return FileChannel.open(
        directory.resolve(UnfinishedFiles.newName()),
        Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE),
        Ownership.privateFile(directory));
  }
}
