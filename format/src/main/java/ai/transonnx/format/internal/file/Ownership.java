package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The owner, group and permissions of a file, which the file that replaces it inherits. */
final class Ownership {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OF_GROUP =
      PosixFilePermissions.fromString("---rwx---");

  private static final Set<PosixFilePermission> PRIVATE_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  /** A change that the system may refuse. */
  private interface Change {
    void make() throws IOException;
  }

  private Ownership() {}

  /** The attributes of an unfinished file: no one else may read it yet if it replaces another. */
  static FileAttribute<?>[] unfinished(Path target) {
    return Files.exists(target) ? privateFile(target) : new FileAttribute<?>[0];
  }

  /**
   * The attributes of a file that no one else may read.
   *
   * @param neighbor a file or folder in the same file system
   */
  static FileAttribute<?>[] privateFile(Path neighbor) {
    return attributes(neighbor, PRIVATE);
  }

  /** The attributes of a folder that no one else may read. */
  static FileAttribute<?>[] privateFolder(Path neighbor) {
    return attributes(neighbor, PRIVATE_FOLDER);
  }

  private static FileAttribute<?>[] attributes(
      Path neighbor, Set<PosixFilePermission> permissions) {
    return view(neighbor) == null
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }

  /**
   * Gives a file the owner, group and permissions of the file that it replaces, if there is one and
   * the system permits it.
   */
  static void copy(Path target, Path file) throws IOException {
    var from = view(target);
    var to = view(file);
    if (from == null || to == null || !Files.exists(target)) {
      return;
    }
    var old = from.readAttributes();
    var current = to.readAttributes();
    var permissions = new HashSet<>(old.permissions());
    boolean hasGroup =
        current.group().equals(old.group()) || succeeds(() -> to.setGroup(old.group()));
    if (!hasGroup) {
      permissions.removeAll(OF_GROUP); // They were another group's.
    }
    succeeds(() -> to.setPermissions(permissions));
    if (!current.owner().equals(old.owner())) {
      succeeds(() -> to.setOwner(old.owner()));
    }
  }

  /** Only root may give files away, and some file systems have one set of permissions. */
  private static boolean succeeds(Change change) {
    try {
      change.make();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable PosixFileAttributeView view(Path file) {
    return Files.getFileAttributeView(file, PosixFileAttributeView.class);
  }
}
