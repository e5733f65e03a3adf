package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Opens the files that users name for reading. Only plain files on disk are opened: a pipe or a
 * device may block or have no end, and native libraries cannot read a file inside of an archive.
 */
public final class PlainFile {
  private PlainFile() {}

  /**
   * Checks that a file can be read.
   *
   * @throws FileSystemException if it cannot; the reason is one line for the user, such as {@code
   *     no such file}
   */
  public static void check(Path file) throws FileSystemException {
    checkOnDisk(file);
    String name = file.toString();
    if (!Files.exists(file)) {
      throw new NoSuchFileException(name, null, "no such file");
    }
    if (Files.isDirectory(file)) {
      throw new FileSystemException(name, null, "this is a directory; a file is needed");
    }
    if (!Files.isRegularFile(file) || isVirtual(file)) {
      throw new FileSystemException(name, null, "this is a pipe or a device; a file is needed");
    }
    if (!Files.isReadable(file)) {
      throw new AccessDeniedException(name, null, "no permission to read this file");
    }
  }

  /** Opens a file whose reads an interrupt ends; {@link #check} describes the exceptions. */
  public static FileChannel channel(Path file) throws IOException {
    check(file);
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  /** Opens a file whose reads no interrupt ends; {@link #check} describes the exceptions. */
  public static InputStream stream(Path file) throws IOException {
    check(file);
    return Files.newInputStream(file);
  }

  static void checkOnDisk(Path file) throws FileSystemException {
    var system = file.getFileSystem();
    if (system != FileSystems.getDefault()) {
      throw new FileSystemException(
          file.toString(),
          null,
          "this is in a file system of type '%s'; a plain file on disk is needed"
              .formatted(system.provider().getScheme()));
    }
  }

  private static boolean isVirtual(Path file) {
    try {
      return isVirtualName(file.toRealPath());
    } catch (IOException e) {
      return false; // an open file that was deleted, such as the shell's here-documents
    }
  }

  /**
   * Whether a name belongs to the kernel, which has no plain files there except in {@code
   * /dev/shm}.
   *
   * @param file absolute, in a real directory
   */
  static boolean isVirtualName(Path file) {
    return Stream.of("/dev", "/proc", "/sys").anyMatch(file::startsWith)
        && !file.startsWith("/dev/shm");
  }
}
