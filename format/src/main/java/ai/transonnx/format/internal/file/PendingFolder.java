package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A new folder of a user, which gets its name when all of its files are complete, or never.
 *
 * <pre>{@code
 * try (var folder = PendingFolder.create(target)) {
 *   ... write folder.create("file.txt") ...
 *   folder.commit();
 * }
 * }</pre>
 *
 * <p>Until then it has another name in the same directory, as {@link PendingFiles} have. For one
 * thread.
 */
public final class PendingFolder implements AutoCloseable {
  private final Path target;
  private final TemporaryFolder folder;

  private PendingFolder(Path target, TemporaryFolder folder) {
    this.target = target;
    this.folder = folder;
  }

  /**
   * A folder that will have the name {@code target}. Directories that are missing before it are
   * created.
   *
   * @throws FileAlreadyExistsException if there is a file or folder of this name
   */
  public static PendingFolder create(Path target) throws IOException {
    var absolute = target.toAbsolutePath().normalize();
    var parent = absolute.getParent();
    if (parent == null || Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "it exists; remove it, or specify another folder");
    }
    Files.createDirectories(parent);
    return new PendingFolder(absolute, TemporaryFolder.in(parent));
  }

  /** Opens a new file in the folder for writing. */
  public FileChannel create(String name) throws IOException {
    return folder.create(name);
  }

  /** Gives the folder its name. All files must be closed. */
  public void commit() throws IOException {
    Files.move(folder.path(), target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes the folder unless it is complete. */
  @Override
  public void close() throws IOException {
    folder.close();
  }
}
