package ai.transonnx.format.internal.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;

/**
 * A file of an {@linkplain UnfinishedFiles unfinished} name that this process has locked, so that
 * no other process takes it for abandoned. The lock ends when the stream is closed.
 */
record LockedFile(Path path, FileOutputStream stream) {
  /** A new, empty file. Abandoned files in the directory are removed. */
  static LockedFile create(Path directory, FileAttribute<?>... attributes) throws IOException {
    var file = createUnswept(directory, attributes);
    UnfinishedFiles.sweep(directory, Files.getOwner(file.path(), LinkOption.NOFOLLOW_LINKS));
    return file;
  }

  private static LockedFile createUnswept(Path directory, FileAttribute<?>... attributes)
      throws IOException {
    while (true) {
      var path = directory.resolve(UnfinishedFiles.newName());
      try {
        Files.createFile(path, attributes);
      } catch (FileAlreadyExistsException e) {
        continue;
      }
      var stream = open(path);
      if (lock(stream) && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return new LockedFile(path, stream);
      }
      stream.close(); // Another process has just swept it.
    }
  }

  private static FileOutputStream open(Path path) throws IOException {
    try {
      return new FileOutputStream(path.toFile());
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  private static boolean lock(FileOutputStream stream) {
    try {
      return stream.getChannel().tryLock() != null;
    } catch (IOException e) {
      return true; // This file system has no locks, so that no other process gets one either.
    }
  }
}
