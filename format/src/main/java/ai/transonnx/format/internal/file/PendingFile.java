package ai.transonnx.format.internal.file;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One file that is being written under another name beside the file that it will replace, or that
 * is complete in a {@link TemporaryFolder}.
 */
final class PendingFile {
  /** Windows renames no open file. */
  private static final boolean RENAMES_OPEN_FILES = File.separatorChar == '/';

  private final Path target;
  private final Path path;
  private final @Nullable FileOutputStream stream;

  private PendingFile(Path target, Path path, @Nullable FileOutputStream stream) {
    this.target = target;
    this.path = path;
    this.stream = stream;
  }

  /**
   * A new, empty file.
   *
   * @param target as {@link OutputPath#resolve} returns it
   */
  static PendingFile create(Path target) throws IOException {
    var temporary = LockedFile.create(directory(target), Ownership.unfinished(target));
    return new PendingFile(target, temporary.path(), temporary.stream());
  }

  /**
   * A complete file.
   *
   * @param target as {@link OutputPath#resolve} returns it
   * @param path a file in the same file system, which is on the disk
   */
  static PendingFile complete(Path target, Path path) {
    return new PendingFile(target, path, null);
  }

  private static Path directory(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  Path target() {
    return target;
  }

  FileOutputStream stream() {
    return Objects.requireNonNull(stream);
  }

  /** Brings the content to the disk. */
  void complete() throws IOException {
    Ownership.copy(target, path);
    if (stream != null) {
      stream.flush();
      stream.getFD().sync();
    }
  }

  /** Replaces the target in one step, so that its name always has an old or a new file. */
  void rename() throws IOException {
    if (!RENAMES_OPEN_FILES) {
      close();
    }
    move(path, target);
    close();
    syncDirectory();
  }

  static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Brings the new name to the disk, if the system can. */
  private void syncDirectory() {
    try (var directory = FileChannel.open(directory(target), StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      // Windows opens no directories; the system writes the name some time later.
    }
  }

  /** A second name for the file that has the target's name now. */
  Path keepTarget() throws IOException {
    var second = target.resolveSibling(UnfinishedFiles.newName());
    try {
      Files.createLink(second, target);
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(target, second, StandardCopyOption.COPY_ATTRIBUTES);
    }
    return second;
  }

  void close() throws IOException {
    if (stream != null) {
      stream.close();
    }
  }

  /** Lets the JVM delete the unfinished file after all hooks; false if it no longer does. */
  boolean deleteAtEnd() {
    try {
      path.toFile().deleteOnExit();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Removes the unfinished file; whoever writes to it does not notice. */
  void remove() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The next write into the directory sweeps it.
    }
  }
}
