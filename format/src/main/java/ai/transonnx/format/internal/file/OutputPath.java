package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Finds the plain file that a user means by the name of an output. */
public final class OutputPath {
  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  private OutputPath() {}

  /**
   * Follows symbolic links to the file that is created or replaced.
   *
   * @return its absolute path, which is not a symbolic link
   * @throws FileSystemException if the directory is missing or may not be written to, or the name
   *     is that of something else than a plain file; the reason is one line for the user
   */
  public static Path resolve(Path output) throws IOException {
    PlainFile.checkOnDisk(output);
    var file = output.toAbsolutePath();
    for (int links = 0; links <= MOST_LINKS; links++) {
      file = inRealDirectory(output, file);
      if (PlainFile.isVirtualName(file)) {
        throw notPlain(output);
      }
      if (!Files.isSymbolicLink(file)) {
        checkReplaceable(output, file);
        return file;
      }
      file = file.resolveSibling(Files.readSymbolicLink(file));
    }
    throw problem(output, "too many symbolic links");
  }

  private static Path inRealDirectory(Path output, Path file) throws IOException {
    var directory = file.getParent();
    var name = file.getFileName();
    if (directory == null || name == null || Files.isDirectory(file)) {
      throw problem(output, "this is a directory; specify the name of a file");
    }
    if (!Files.isDirectory(directory)) {
      throw problem(
          output,
          Files.exists(directory)
              ? directory + " is not a directory"
              : "there is no directory " + directory + "; create it first");
    }
    return directory.toRealPath().resolve(name);
  }

  private static void checkReplaceable(Path output, Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw notPlain(output);
    }
    var directory = file.getParent();
    if (directory != null && !Files.isWritable(directory)) {
      throw new AccessDeniedException(
          output.toString(), null, "no permission to write into " + directory);
    }
  }

  private static FileSystemException notPlain(Path output) {
    return problem(output, "this is a pipe or a device; specify the name of a plain file");
  }

  private static FileSystemException problem(Path output, String reason) {
    return new FileSystemException(output.toString(), null, reason);
  }
}
