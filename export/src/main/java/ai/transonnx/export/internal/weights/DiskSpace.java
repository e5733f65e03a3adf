package ai.transonnx.export.internal.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The free space of disks. */
public final class DiskSpace {
  private DiskSpace() {}

  /**
   * Checks that a directory has space for a file. A file system that does not report its size
   * passes.
   *
   * @throws IOException if it has not; the message has both sizes
   */
  public static void check(Path directory, long bytes) throws IOException {
    var disk = Files.getFileStore(directory);
    long free = disk.getUsableSpace();
    if (disk.getTotalSpace() > 0 && free < bytes) {
      throw new IOException(
          "%s MiB are needed, but %s has %s MiB free"
              .formatted(bytes >> 20, directory, free >> 20));
    }
  }
}
