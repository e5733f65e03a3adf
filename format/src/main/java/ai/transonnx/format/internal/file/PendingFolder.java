package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

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
 * <p>Until then it is in a {@link TemporaryFolder} beside that name. For one thread.
 */
public final class PendingFolder implements AutoCloseable {
  private static final String CONTENT = "content";
  private static final String REPLACED = "replaced";

  private final Path target;
  private final TemporaryFolder folder;
  private final Path content;
  private final boolean replaces;

  private PendingFolder(Path target, TemporaryFolder folder, boolean replaces) throws IOException {
    this.target = target;
    this.folder = folder;
    this.replaces = replaces;
    this.content = Files.createDirectory(folder.path().resolve(CONTENT));
  }

  /**
   * A folder that will have the name {@code target}. Directories that are missing before it are
   * created.
   *
   * @throws FileAlreadyExistsException if there is a file or folder of this name
   */
  public static PendingFolder create(Path target) throws IOException {
    var absolute = target.toAbsolutePath().normalize();
    if (absolute.getParent() == null || Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "it exists; remove it, or specify another folder");
    }
    return in(absolute, false);
  }

  /**
   * A folder that will have the name {@code target}, and replaces a folder of this name with its
   * content. Directories that are missing before it are created.
   *
   * @throws FileSystemException if something else has this name, such as a symbolic link
   */
  public static PendingFolder replacing(Path target) throws IOException {
    var absolute = target.toAbsolutePath().normalize();
    boolean exists = Files.exists(absolute, LinkOption.NOFOLLOW_LINKS);
    if (absolute.getParent() == null
        || (exists && !Files.isDirectory(absolute, LinkOption.NOFOLLOW_LINKS))) {
      throw new FileSystemException(
          target.toString(), null, "this is not a plain folder; specify another one");
    }
    return in(absolute, true);
  }

  private static PendingFolder in(Path target, boolean replaces) throws IOException {
    var parent = Objects.requireNonNull(target.getParent());
    Files.createDirectories(parent);
    var folder = TemporaryFolder.in(parent);
    try {
      return new PendingFolder(target, folder, replaces);
    } catch (IOException e) {
      folder.close();
      throw e;
    }
  }

  /** Opens a new file in the folder for writing. */
  public FileChannel create(String name) throws IOException {
    return FileChannel.open(
        content.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Adds a folder, for files whose names begin with its name. */
  public void addFolder(String name) throws IOException {
    Files.createDirectories(content.resolve(name));
  }

  /** Adds the content of a plain file as {@link NewFile#link} does. */
  public void link(Path file, String name) throws IOException {
    NewFile.link(file, content.resolve(name));
  }

  /**
   * Gives the folder its name. All files must be closed. If that fails, the folder that it would
   * replace is as it was.
   */
  public void commit() throws IOException {
    var replaced = folder.path().resolve(REPLACED);
    boolean hasEarlier = replaces && Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (hasEarlier) {
      Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      Files.move(content, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (hasEarlier) {
        Files.move(replaced, target, StandardCopyOption.ATOMIC_MOVE);
      }
      throw e;
    }
  }

  /** Removes the folder unless it is complete, or else the one that it has replaced. */
  @Override
  public void close() throws IOException {
    folder.close();
  }
}
