package ai.transonnx.export.onnx;

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
 * Files that appear under their names when all of them are complete, or never. Until then they are
 * written beside, under names of their own; closing without {@link #commit} removes them, and so
 * does the end of the JVM, also by a signal.
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

  /** A new, empty file that will have the name {@code target}. */
  synchronized FileChannel create(Path target) throws IOException {
    checkUnfinished();
    for (int number = 0; ; number++) {
      var temporary =
          target.resolveSibling(PREFIX + ProcessHandle.current().pid() + "-" + number + SUFFIX);
      try {
        var channel =
            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        files.add(new Pending(target, temporary, channel));
        return channel;
      } catch (FileAlreadyExistsException taken) {
        // Another export into this directory has it.
      }
    }
  }

  /** Gives all files their names, in the order in which they were made. */
  synchronized void commit() throws IOException {
    checkUnfinished();
    var moved = new ArrayList<Path>();
    try {
      for (var file : files) {
        file.channel().close();
      }
      for (var file : files) {
        Files.move(file.temporary(), file.target(), StandardCopyOption.ATOMIC_MOVE);
        moved.add(file.target());
      }
    } catch (IOException e) {
      for (var target : moved) {
        Files.deleteIfExists(target);
      }
      throw e;
    }
    finished = true;
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
      // The JVM is about to end, and the hook has nothing left to do.
    }
  }

  /** Leaves the channels open: whoever writes to them need not notice that the JVM ends. */
  private synchronized void abandon() {
    if (finished) {
      return;
    }
    finished = true;
    for (var file : files) {
      try {
        Files.deleteIfExists(file.temporary());
      } catch (IOException e) {
        // Nothing is left to try, and a failure to write is already on its way to the user.
      }
    }
  }

  private void checkUnfinished() {
    if (finished) {
      throw new CancellationException("the program ended before the files were complete");
    }
  }
}
