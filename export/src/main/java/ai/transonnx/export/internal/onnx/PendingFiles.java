package ai.transonnx.export.internal.onnx;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Files that appear under their names together, when all of them are complete, or not at all. Until
 * then they have temporary names in the same directory. {@link #close} without {@link #commit}
 * deletes them, and so does the end of the JVM, even by a signal.
 */
final class PendingFiles implements AutoCloseable {
  private static final String PREFIX = ".transonnx-";
  private static final String SUFFIX = ".part";

  private record Pending(Path target, Path temporary, FileChannel channel) {}

  private final List<Pending> files = new ArrayList<>();
  private final Thread hook = new Thread(this::abandon, "remove unfinished files");
  private boolean finished;

  PendingFiles() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Creates an empty file that {@link #commit} renames to {@code target}. */
  synchronized FileChannel create(Path target) throws IOException {
    checkUnfinished();
    while (true) {
      var temporary = free(target);
      try {
        var channel =
            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        files.add(new Pending(target, temporary, channel));
        return channel;
      } catch (FileAlreadyExistsException taken) {
        // Another export into this directory has just created it.
      }
    }
  }

  /** An unused name in the directory of a file. */
  private static Path free(Path target) {
    for (int number = 0; ; number++) {
      var name =
          target.resolveSibling(PREFIX + ProcessHandle.current().pid() + "-" + number + SUFFIX);
      if (!Files.exists(name)) {
        return name;
      }
    }
  }

  /**
   * Renames all files, in the order of their creation. If one rename fails, the earlier ones are
   * undone and the replaced files restored.
   */
  synchronized void commit() throws IOException {
    checkUnfinished();
    for (var file : files) {
      file.channel().close();
    }
    rename(0);
    finished = true;
  }

  private void rename(int index) throws IOException {
    var file = files.get(index);
    if (index == files.size() - 1) {
      move(file.temporary(), file.target());
      return;
    }
    var before = Files.exists(file.target()) ? free(file.target()) : null;
    if (before != null) {
      move(file.target(), before);
    }
    try {
      move(file.temporary(), file.target());
      rename(index + 1);
    } catch (IOException e) {
      if (before == null) {
        Files.deleteIfExists(file.target());
      } else {
        move(before, file.target());
      }
      throw e;
    }
    if (before != null) {
      Files.delete(before);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public synchronized void close() throws IOException {
    for (var file : files) {
      file.channel().close();
    }
    abandon();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down, and the hook finds nothing to delete.
    }
  }

  /** Deletes the files. Their channels stay open, since another thread may be writing to them. */
  private synchronized void abandon() {
    if (finished) {
      return;
    }
    finished = true;
    for (var file : files) {
      try {
        Files.deleteIfExists(file.temporary());
      } catch (IOException e) {
        // Nothing more can be done, and an earlier failure is already reported.
      }
    }
  }

  private void checkUnfinished() {
    if (finished) {
      throw new CancellationException("the program ended before the files were complete");
    }
  }
}
