package ai.transonnx.verification.internal.runner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A process and everything that it started.
 *
 * <p>A process whose parent has ended is no longer in its tree. Linux shows the environment of
 * processes, so they are also found by a variable that they inherit.
 */
final class ProcessTree {
  private static final String VARIABLE = "TRANSONNX_RUNNER";
  private static final int MAX_ENVIRONMENT = 1 << 20;
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
      found.forEach(ProcessTree::await);
    }
  }

  private Set<ProcessHandle> alive() {
    var found = new LinkedHashSet<ProcessHandle>();
    found.add(root.toHandle());
    root.descendants().forEach(found::add);
    try (var marked = marked()) {
      marked.forEach(found::add);
    }
    found.removeIf(handle -> !handle.isAlive());
    return found;
  }

  private Stream<ProcessHandle> marked() {
    return Files.isDirectory(Path.of("/proc/self"))
        ? ProcessHandle.allProcesses().filter(this::isMarked)
        : Stream.empty();
  }

  private boolean isMarked(ProcessHandle handle) {
    var file = Path.of("/proc", String.valueOf(handle.pid()), "environ");
    try (var input = Files.newInputStream(file)) {
      var environment = input.readNBytes(MAX_ENVIRONMENT);
      return new String(environment, StandardCharsets.ISO_8859_1).contains(mark);
    } catch (IOException e) {
      return false; // It has ended, or belongs to another user.
    }
  }

  /**
   * Waits until a process has ended, or the system does not end it, for example while it waits for
   * a device. {@link ProcessHandle#onExit} notices the end of another process's child too late.
   */
  private static void await(ProcessHandle handle) {
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + WAIT.toNanos();
    while (handle.isAlive() && System.nanoTime() < deadline) {
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
