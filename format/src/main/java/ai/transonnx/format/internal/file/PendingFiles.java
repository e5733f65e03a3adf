package ai.transonnx.format.internal.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Files that replace others when all of them are complete, or never: the only way in which this
 * project writes a file of a user.
 *
 * <pre>{@code
 * try (var files = new PendingFiles()) {
 *   files.create(file).write(content);
 *   files.commit();
 * }
 * }</pre>
 *
 * <p>Each file is written under a name of its own in the directory of the file that it will
 * replace, which keeps its content until it is replaced in one step. A symbolic link stays, and the
 * file that it points to is replaced. Closing without {@link #commit}, and the end of the JVM, also
 * by a signal, remove unfinished files; a process that is killed leaves them to the next write into
 * the directory.
 *
 * <p>Several files are replaced one after the other: a process that is killed between two steps
 * leaves the first of them new and the others old.
 */
public final class PendingFiles implements AutoCloseable {
  private final List<PendingFile> files = new ArrayList<>();
  private final Thread hook = new Thread(this::abandon, "remove unfinished files");
  private final boolean hasHook;
  private boolean finished;

  public PendingFiles() {
    hasHook = addHook();
  }

  /** Returns false if the JVM shuts down: another hook may still write files. */
  private boolean addHook() {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /**
   * A new, empty file that will have the name {@code target}. Writes to the stream cannot be
   * interrupted, those to its channel can.
   *
   * @throws FileSystemException if {@code target} cannot be written; the reason is one line for the
   *     user
   */
  public synchronized FileOutputStream create(Path target) throws IOException {
    checkUnfinished();
    var file = PendingFile.create(OutputPath.resolve(target));
    add(file);
    return file.stream();
  }

  private void add(PendingFile file) {
    files.add(file);
    if (!hasHook && !file.deleteAtEnd()) {
      abandon();
      checkUnfinished();
    }
  }

  /**
   * Adds a file that is complete and on disk, in a {@link TemporaryFolder} beside {@code target}.
   * It will have that name.
   *
   * @throws FileSystemException if {@code target} cannot be written; the reason is one line for the
   *     user
   */
  public synchronized void adopt(Path complete, Path target) throws IOException {
    checkUnfinished();
    add(PendingFile.complete(OutputPath.resolve(target), complete));
  }

  /**
   * Brings all files to the disk and gives them their names, in the order in which they were
   * created. If one cannot have its name, the files before it are as they were.
   */
  public synchronized void commit() throws IOException {
    checkUnfinished();
    for (var file : files) {
      file.complete();
    }
    rename(0);
    finished = true;
  }

  private void rename(int index) throws IOException {
    var file = files.get(index);
    if (index == files.size() - 1) {
      file.rename();
      return;
    }
    var before = Files.exists(file.target()) ? file.keepTarget() : null;
    try {
      file.rename();
      renameRest(index, before);
    } finally {
      if (before != null) {
        Files.deleteIfExists(before);
      }
    }
  }

  private void renameRest(int index, @Nullable Path before) throws IOException {
    try {
      rename(index + 1);
    } catch (IOException e) {
      var target = files.get(index).target();
      if (before == null) {
        Files.deleteIfExists(target);
      } else {
        PendingFile.move(before, target);
      }
      throw e;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    for (var file : files) {
      file.close();
    }
    abandon();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM shuts down, and the hook has nothing left to do.
    }
  }

  /** Leaves the streams open: whoever writes to them need not notice that the JVM ends. */
  private synchronized void abandon() {
    if (!finished) {
      finished = true;
      files.forEach(PendingFile::remove);
    }
  }

  private void checkUnfinished() {
    if (finished) {
      throw new CancellationException("the program ended before the files were complete");
    }
  }
}
