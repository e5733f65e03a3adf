package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/** Lists the folders that users name. Only folders on disk are listed. */
public final class PlainFolder {
  private static final int MOST = 100_000;

  private PlainFolder() {}

  /** Whether a path is that of a folder on disk. */
  public static boolean matches(Path path) {
    return path.getFileSystem() == FileSystems.getDefault() && Files.isDirectory(path);
  }

  /**
   * Checks that a folder can be listed.
   *
   * @throws FileSystemException if it is not a folder on disk; the reason is one line for the user
   */
  public static void check(Path folder) throws FileSystemException {
    PlainFile.checkOnDisk(folder);
    if (!Files.isDirectory(folder)) {
      throw new FileSystemException(folder.toString(), null, "no such directory");
    }
  }

  /**
   * The names of everything in a folder, sorted.
   *
   * @throws FileSystemException if it cannot be listed; the reason is one line for the user
   */
  public static List<String> names(Path folder) throws IOException {
    check(folder);
    var names = new TreeSet<String>();
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
        if (names.size() > MOST) {
          throw new FileSystemException(
              folder.toString(), null, "this folder has more than %s files".formatted(MOST));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return List.copyOf(names);
  }
}
