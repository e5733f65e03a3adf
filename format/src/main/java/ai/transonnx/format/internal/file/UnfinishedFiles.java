package ai.transonnx.format.internal.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of files that are being written, and the removal of those whose process has ended.
 *
 * <p>A process locks its unfinished files, and the lock ends with the process. Processes of one
 * machine see each other's locks, also in containers that number processes independently. Locks of
 * another machine may be invisible in a network file system, so its files must be old as well.
 *
 * <p>A {@link TemporaryFolder} has such a file beside it, which is removed with the folder.
 */
final class UnfinishedFiles {
  private static final Pattern NAME =
      Pattern.compile("\\.transonnx-([0-9a-f]{8})-(\\d+-\\d+)-\\d+\\.part");
  private static final String FILE_END = ".part";
  private static final String FOLDER_END = ".folder";
  private static final Duration OLD = Duration.ofDays(1);

  private static final String MACHINE = machine();
  private static final String PROCESS = process();
  private static final AtomicLong COUNT = new AtomicLong();

  /** Removes the folder that belongs to an unfinished file, and returns whether it is gone. */
  private interface Removal {
    boolean removeOf(Path file) throws IOException;
  }

  private UnfinishedFiles() {}

  /** The same for all processes of a machine until it restarts. */
  private static String machine() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).substring(0, 8);
    } catch (IOException | IndexOutOfBoundsException e) {
      return "00000000";
    }
  }

  /** A number may be that of an earlier process, or of one in another container. */
  private static String process() {
    var process = ProcessHandle.current();
    var start = process.info().startInstant().orElse(Instant.EPOCH);
    return process.pid() + "-" + start.toEpochMilli();
  }

  /** A name that no other process uses. */
  static String newName() {
    return ".transonnx-%s-%s-%s.part".formatted(MACHINE, PROCESS, COUNT.getAndIncrement());
  }

  /** The temporary folder that belongs to a file of such a name. */
  static Path folderOf(Path file) {
    String name = String.valueOf(file.getFileName());
    return file.resolveSibling(name.substring(0, name.length() - FILE_END.length()) + FOLDER_END);
  }

  /**
   * Removes the unfinished files of ended processes. What cannot be removed stays.
   *
   * @param owner this process's user
   */
  static void sweep(Path directory, UserPrincipal owner) {
    sweep(directory, file -> removeFolder(folderOf(file), owner));
  }

  /** Removes a folder if it has an unfinished file of an ended process. */
  static void sweepWhole(Path folder, UserPrincipal owner) {
    sweep(folder, file -> removeFolder(folder, owner));
  }

  private static void sweep(Path directory, Removal removal) {
    try (var files = Files.newDirectoryStream(directory, UnfinishedFiles::isOfOtherProcess)) {
      files.forEach(file -> removeIfAbandoned(file, removal));
    } catch (IOException | DirectoryIteratorException e) {
      // The next write tries again.
    }
  }

  /** Opening a file of this process would end its lock. */
  private static boolean isOfOtherProcess(Path file) {
    var name = NAME.matcher(String.valueOf(file.getFileName()));
    return name.matches() && !name.group(2).equals(PROCESS);
  }

  private static void removeIfAbandoned(Path file, Removal removal) {
    try {
      if (isPlain(file) && !mayBeInUseElsewhere(file)) {
        removeIfUnlocked(file, removal);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // It is in use, or belongs to another user.
    }
  }

  private static boolean isPlain(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean mayBeInUseElsewhere(Path file) throws IOException {
    var name = NAME.matcher(String.valueOf(file.getFileName()));
    if (name.matches() && name.group(1).equals(MACHINE)) {
      return false;
    }
    var attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return attributes.lastModifiedTime().toInstant().isAfter(Instant.now().minus(OLD));
  }

  private static void removeIfUnlocked(Path file, Removal removal) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        var lock = channel.tryLock()) {
      if (lock != null && removal.removeOf(file)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * Removes a temporary folder. That of another user stays: its content could be exchanged for a
   * link meanwhile.
   *
   * @return whether there is no such folder now
   */
  private static boolean removeFolder(Path folder, UserPrincipal owner) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)
        && !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
      return false;
    }
    removeTree(folder);
    return true;
  }

  /** Deletes a folder with its content, if it exists; links in it are not followed. */
  static void removeTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
