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

/** One file that is being written under another name beside the file that it will replace. */
final class PendingFile {
  /** Windows renames no open file. */
  private static final boolean RENAMES_OPEN_FILES = File.separatorChar == '/';

  private final Path target;
  private final LockedFile temporary;

  private PendingFile(Path target, LockedFile temporary) {
    this.target = target;
    this.temporary = temporary;
  }

  /**
   * A new, empty file.
   *
   * @param target as {@link OutputPath#resolve} returns it
   */
  static PendingFile create(Path target) throws IOException {
    return new PendingFile(
        target, LockedFile.create(directory(target), Ownership.unfinished(target)));
  }

  private static Path directory(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  Path target() {
    return target;
  }

  FileOutputStream stream() {
    return temporary.stream();
  }

  /** Brings the content to the disk. */
  void complete() throws IOException {
    Ownership.copy(target, temporary.path());
    stream().flush();
    stream().getFD().sync();
  }

  /** Replaces the target in one step, so that its name always has an old or a new file. */
  void rename() throws IOException {
    if (!RENAMES_OPEN_FILES) {
      close();
    }
    move(temporary.path(), target);
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
    stream().close();
  }

  /** Lets the JVM delete the unfinished file after all hooks; false if it no longer does. */
  boolean deleteAtEnd() {
    try {
      temporary.path().toFile().deleteOnExit();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Removes the unfinished file; whoever writes to it does not notice. */
  void remove() {
    try {
      Files.deleteIfExists(temporary.path());
    } catch (IOException e) {
      // The next write into the directory sweeps it.
    }
  }
}
