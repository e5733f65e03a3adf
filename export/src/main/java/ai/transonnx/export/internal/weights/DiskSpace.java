package ai.transonnx.export.internal.weights;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** The free space of the disk that has a directory. */
public record DiskSpace(Path directory, FileStore disk) {
  /** The disk of a directory. */
  public static DiskSpace of(Path directory) throws IOException {
    return new DiskSpace(directory, Files.getFileStore(directory));
  }

  /**
   * Checks that there is space for more bytes. A file system that does not report its size passes.
   *
   * @throws IOException if there is not; the message has both sizes
   */
  public void check(long bytes) throws IOException {
    long free = disk.getUsableSpace();
    if (disk.getTotalSpace() > 0 && free < bytes) {
      throw new IOException(
          "%s MiB are needed, but %s has %s MiB free"
              .formatted(bytes >> 20, directory, free >> 20));
    }
  }
}
