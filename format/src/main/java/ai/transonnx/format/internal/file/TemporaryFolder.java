package ai.transonnx.format.internal.file;

import ai.transonnx.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A folder for temporary files, which no other user can read. Closing it and the end of the JVM,
 * also by a signal, delete it with its content; a process that is killed leaves it to the next one
 * that creates such a folder.
 *
 * <p>Beside the folder lies a file that the process has locked, as {@link UnfinishedFiles}
 * describes. It is created before the folder and deleted after it.
 */
public final class TemporaryFolder implements AutoCloseable {
  private static final int ATTEMPTS = 10;

  private final Path path;
  private final LockedFile lock;
  private final Thread hook = new Thread(this::removeAtEnd, "remove temporary files");

  private TemporaryFolder(Path path, LockedFile lock) {
    this.path = path;
    this.lock = lock;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      removeAtEnd(); // The JVM shuts down.
    }
  }

  /**
   * Creates an empty folder in {@code java.io.tmpdir}.
   *
   * @throws InputException if it cannot be created
   */
  public static TemporaryFolder create() {
    var parent = TemporaryFiles.directory();
    try {
      return in(parent);
    } catch (IOException e) {
      throw new InputException(
          "%s: no folder can be created in it; specify another one for temporary files with -Djava.io.tmpdir=FOLDER"
              .formatted(parent),
          e);
    }
  }

  /**
   * Creates an empty folder beside a file that will be written, in the same file system.
   *
   * @throws java.nio.file.FileSystemException if the file cannot be written; the reason is one line
   *     for the user
   */
  public static TemporaryFolder beside(Path target) throws IOException {
    return in(Objects.requireNonNull(OutputPath.resolve(target).getParent()));
  }

  static TemporaryFolder in(Path parent) throws IOException {
    var lock = LockedFile.create(parent, Ownership.privateFile(parent));
    try {
      var path = UnfinishedFiles.folderOf(lock.path());
      Files.createDirectory(path, Ownership.privateFolder(parent));
      return new TemporaryFolder(path, lock);
    } catch (IOException e) {
      lock.stream().close();
      Files.deleteIfExists(lock.path());
      throw e;
    }
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** Opens a new, empty file in the folder for writing. */
  public FileChannel create(String name) throws IOException {
    return FileChannel.open(
        path.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public void close() throws IOException {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM shuts down, and the hook finds no folder.
    }
  }

  /** Repeats because another thread may still write into the folder. */
  private void removeAtEnd() {
    for (int i = 0; i < ATTEMPTS && Files.exists(lock.path()); i++) {
      try {
        remove();
      } catch (IOException | UncheckedIOException e) {
        // A file has been added, or is in use: once more, or the next process sweeps it.
      }
    }
  }

  private synchronized void remove() throws IOException {
    UnfinishedFiles.removeTree(path);
    lock.stream().close();
    Files.deleteIfExists(lock.path());
  }
}
