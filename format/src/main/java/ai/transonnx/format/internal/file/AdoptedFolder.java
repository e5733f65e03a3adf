package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/**
 * A temporary folder that a library has created for this process. A file in it that the process has
 * locked, as {@link UnfinishedFiles} describes, marks it as in use. Folders without such a file
 * belong to other programs and stay.
 */
public final class AdoptedFolder {
  private static final int ATTEMPTS = 10;

  private final Path path;
  private final LockedFile lock;

  private AdoptedFolder(Path path, LockedFile lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Marks a folder, and removes those of ended processes beside it. What cannot be removed stays.
   *
   * @param prefix the start of the folders' names
   */
  public static AdoptedFolder of(Path folder, String prefix) throws IOException {
    var adopted = new AdoptedFolder(folder, LockedFile.create(folder));
    sweep(folder.toAbsolutePath().resolveSibling(""), prefix, Files.getOwner(folder));
    return adopted;
  }

  private static void sweep(Path directory, String prefix, UserPrincipal owner) {
    try (var folders = Files.newDirectoryStream(directory, prefix + "*")) {
      for (var folder : folders) {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
          UnfinishedFiles.sweepWhole(folder, owner);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // The next process tries again.
    }
  }

  /**
   * Removes the folder with its content. Repeats because another thread may still write into it.
   *
   * @throws IOException if files remain: Windows keeps those in use
   */
  public void remove() throws IOException {
    lock.stream().close();
    for (int attempt = 1; Files.exists(path, LinkOption.NOFOLLOW_LINKS); attempt++) {
      try {
        UnfinishedFiles.removeTree(path);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
