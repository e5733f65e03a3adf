package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Creates files in a {@link TemporaryFolder}, or in a folder that no other process knows yet. A
 * file that exists is not replaced.
 */
public final class NewFile {
  private NewFile() {}

  /** Opens a new file for writing. */
  public static OutputStream create(Path file) throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /**
   * Gives the content of a plain file a second name: a hard link if the system allows it, which
   * takes no space, or else a copy.
   */
  public static void link(Path content, Path file) throws IOException {
    PlainFile.check(content);
    try {
      Files.createLink(file, content.toRealPath());
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      copy(content, file); // It is in another file system, or belongs to another user.
    }
  }

  /** Copies a plain file. */
  public static void copy(Path content, Path file) throws IOException {
    PlainFile.check(content);
    Files.copy(content.toRealPath(), file);
  }
}
