package ai.transonnx.verification.internal.runner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A process and everything that it started.
 *
 * <p>A process whose parent has ended is no longer in its tree. Linux shows the environment of
 * processes, so they are also found by a variable that they inherit.
 */
final class ProcessTree {
  private static final String VARIABLE = "TRANSONNX_RUNNER";
  private static final int MAX_FILE = 1 << 20;
  private static final char ZOMBIE = 'Z';
  private static final int ATTEMPTS = 5;
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Duration INTERVAL = Duration.ofMillis(5);

  private final Process root;
  private final String mark;

  private ProcessTree(Process root, String mark) {
    this.root = root;
    this.mark = mark;
  }

  static ProcessTree start(ProcessBuilder builder) throws IOException {
    var token = UUID.randomUUID().toString();
    builder.environment().put(VARIABLE, token);
    return new ProcessTree(builder.start(), VARIABLE + "=" + token);
  }

  Process root() {
    return root;
  }

  /** Kills all processes and waits until they have ended. */
  void kill() {
    // Processes that are started meanwhile are found by the next attempt.
    for (int i = 0; i < ATTEMPTS; i++) {
      var found = alive();
      if (found.isEmpty()) {
        break;
      }
      found.forEach(ProcessHandle::destroyForcibly);
      found.forEach(handle -> await(() -> hasEnded(handle)));
    }
    await(() -> !root.isAlive()); // The JVM has waited for its child.
  }

  private Set<ProcessHandle> alive() {
    var found = new LinkedHashSet<ProcessHandle>();
    found.add(root.toHandle());
    root.descendants().forEach(found::add);
    try (var marked = marked()) {
      marked.forEach(found::add);
    }
    found.removeIf(ProcessTree::hasEnded);
    return found;
  }

  /**
   * Whether a process has ended. Without a parent that waits for it, its entry stays, for example
   * in containers whose first process is a program like any other.
   */
  static boolean hasEnded(ProcessHandle handle) {
    return !handle.isAlive() || state(handle) == ZOMBIE;
  }

  /** The letter after the name of the program, which is in parentheses and may have some. */
  private static char state(ProcessHandle handle) {
    var text = new String(read(handle, "stat"), StandardCharsets.ISO_8859_1);
    int state = text.lastIndexOf(')') + 2;
    return state < text.length() ? text.charAt(state) : 0;
  }

  /** A file that Linux has for each process; empty if there is none. */
  private static byte[] read(ProcessHandle handle, String name) {
    var file = Path.of("/proc", String.valueOf(handle.pid()), name);
    try (var input = Files.newInputStream(file)) {
      return input.readNBytes(MAX_FILE);
    } catch (IOException e) {
      return new byte[0]; // It has ended, or belongs to another user.
    }
  }

  private Stream<ProcessHandle> marked() {
    return Files.isDirectory(Path.of("/proc/self"))
        ? ProcessHandle.allProcesses().filter(this::isMarked)
        : Stream.empty();
  }

  private boolean isMarked(ProcessHandle handle) {
    return new String(read(handle, "environ"), StandardCharsets.ISO_8859_1).contains(mark);
  }

  /**
   * Waits until a process has ended, or the system does not end it, for example while it waits for
   * a device. {@link ProcessHandle#onExit} notices the end of another process's child too late.
   */
  private static void await(BooleanSupplier hasEnded) {
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + WAIT.toNanos();
    while (!hasEnded.getAsBoolean() && System.nanoTime() < deadline) {
      try {
        Thread.sleep(INTERVAL.toMillis());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
