package ai.transonnx.verification.internal.runner;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.runtime.Telemetry;
import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.RunnerException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A process that answers each line with a line, and its folder. Whatever it does, a call ends in
 * the given time, and after a failure or the end of this JVM, the process and everything that it
 * started are gone. For one thread.
 */
public final class ChildProcess implements Peer {
  private static final int LONGEST_LINE = 1 << 20;
  private static final int WAITING_LINES = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How often it is checked that the process still runs. */
  private static final Duration CHECK = Duration.ofMillis(200);

  /** The variables that name the folder for temporary files. */
  private static final List<String> TEMPORARY = List.of("TMPDIR", "TMP", "TEMP");

  private final String name;
  private final RunnerFolder folder;
  private final ProcessTree tree;
  private final ErrorOutput errors;
  private final BlockingQueue<Optional<OutputLines.Line>> lines =
      new ArrayBlockingQueue<>(WAITING_LINES);
  private final Thread reader;
  private final Thread hook = new Thread(this::remove, "end of a runner");
  private Optional<String> failure = Optional.empty();

  private ChildProcess(String name, RunnerFolder folder, ProcessTree tree) {
    this.name = name;
    this.folder = folder;
    this.tree = tree;
    this.errors = new ErrorOutput(tree.root().getErrorStream());
    this.reader = daemon("runner's output", this::readLines);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      remove(); // The JVM shuts down.
    }
  }

  /**
   * Starts a process.
   *
   * @param name the runner, for messages
   * @param folder is closed with the process
   */
  public static ChildProcess start(String name, RunnerFolder folder, Launch launch)
      throws IOException {
    var builder = new ProcessBuilder(launch.command());
    var environment = builder.environment();
    TEMPORARY.forEach(variable -> environment.put(variable, folder.temporary().toString()));
    environment.put(Telemetry.VARIABLE, Telemetry.DISABLING);
    environment.putAll(launch.environment());
    return new ChildProcess(name, folder, ProcessTree.start(builder));
  }

  /**
   * Starts the process of a runner.
   *
   * @throws MissingRunnerException if the runtime is not installed
   * @throws RunnerException if it cannot be started
   */
  public static ChildProcess launch(RunnerName name, Launch.Preparation preparation) {
    try {
      var folder = RunnerFolder.create();
      try {
        return start(name.shown(), folder, preparation.in(folder));
      } catch (IOException | RuntimeException | Error e) {
        folder.close();
        throw e;
      }
    } catch (IOException e) {
      throw new RunnerException(
          "%s: it cannot be started: %s"
              .formatted(name.shown(), Printable.of(String.valueOf(e.getMessage()))),
          e);
    }
  }

  @Override
  public RunnerFolder folder() {
    return folder;
  }

  private static Thread daemon(String name, Runnable task) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void readLines() {
    var output = new OutputLines(tree.root().getInputStream(), LONGEST_LINE);
    try {
      Optional<OutputLines.Line> line;
      do {
        line = output.next();
        lines.put(line);
      } while (line.isPresent());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The process was killed, and nobody takes lines.
    }
  }

  @Override
  public String ask(ObjectNode request, Duration limit, String phase) {
    checkAlive();
    var early = lines.poll();
    if (early != null && early.isPresent()) {
      throw fail("wrote a line too much: " + Printable.quoted(early.get().text()));
    }
    if (early != null) {
      throw fail(ending());
    }
    send(request);
    return read(limit, phase);
  }

  @Override
  public void checkAlive() {
    if (failure.isPresent()) {
      throw new RunnerException(name + ": it was ended, because it " + failure.get());
    }
  }

  /** Writes on a thread of its own, because a process that does not read makes writing wait. */
  private void send(ObjectNode request) {
    var line = Messages.text(request) + "\n";
    daemon(
        "runner's input",
        () -> {
          try {
            var input = tree.root().getOutputStream();
            input.write(line.getBytes(StandardCharsets.UTF_8));
            input.flush();
          } catch (IOException e) {
            // The process has ended, which is reported when its answer is read.
          }
        });
  }

  @Override
  public String read(Duration limit, String phase) {
    Optional<OutputLines.Line> line;
    try {
      line = next(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw fail("was interrupted while " + phase);
    }
    if (line == null && !tree.root().isAlive()) {
      throw fail(ending() + " while " + phase);
    }
    if (line == null) {
      throw fail("did not answer within %s s while %s".formatted(limit.toMillis() / 1e3, phase));
    }
    if (line.isEmpty()) {
      throw fail(ending() + " while " + phase);
    }
    if (!line.get().isWhole()) {
      throw fail(
          "answered with a line without an end while %s: %s"
              .formatted(phase, Printable.quoted(line.get().text())));
    }
    return line.get().text();
  }

  /**
   * Waits for a line, but not for the children of a process that has ended: they may keep its
   * output open.
   */
  @SuppressWarnings("NullableOptional") // No line yet, and the end of all lines, differ.
  private @Nullable Optional<OutputLines.Line> next(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    Optional<OutputLines.Line> line = null;
    boolean isAlive = true;
    while (line == null && isAlive && System.nanoTime() < end) {
      isAlive = tree.root().isAlive();
      long wait = Math.min(CHECK.toNanos(), Math.max(0, end - System.nanoTime()));
      line = lines.poll(wait, TimeUnit.NANOSECONDS);
    }
    return line;
  }

  /**
   * Calls a function when the process ends, on any thread.
   *
   * @param action is given the problem for {@link #fail}
   */
  public void onEnd(Consumer<String> action) {
    daemon(
        "runner's end",
        () -> {
          tree.root().onExit().join();
          action.accept(ending());
        });
  }

  private String ending() {
    try {
      return tree.root().waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          ? "ended with exit code " + exitCode(tree.root().exitValue())
          : "closed its standard output";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "closed its standard output";
    }
  }

  /** The JVM reports a signal as its number plus 128, as shells do. */
  private static String exitCode(int code) {
    return switch (code) {
      case 128 + 4 -> code + " (illegal instruction)";
      case 128 + 6 -> code + " (aborted)";
      case 128 + 9 -> code + " (killed, for example because memory was short)";
      case 128 + 11 -> code + " (segmentation fault)";
      default -> String.valueOf(code);
    };
  }

  @Override
  public RunnerException fail(String problem) {
    failure = Optional.of(problem);
    kill();
    var last = errors.last(PATIENCE).map("; its last error output: %s"::formatted).orElse("");
    return new RunnerException("%s: it %s%s".formatted(name, problem, last));
  }

  private void kill() {
    tree.kill();
    reader.interrupt();
  }

  /**
   * Kills the process and deletes its folder; what cannot be deleted, the next folder's owner does.
   */
  private void remove() {
    kill();
    try {
      folder.close();
    } catch (IOException | UncheckedIOException e) {
      // The next process that creates such a folder deletes it.
    }
  }

  @Override
  public void end(ObjectNode request) {
    if (failure.isEmpty()) {
      failure = Optional.of("was closed");
      send(request);
      try {
        tree.root().waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Kills the process and everything that it started, and deletes its folder. */
  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM shuts down, and the hook finds nothing.
    }
  }
}
