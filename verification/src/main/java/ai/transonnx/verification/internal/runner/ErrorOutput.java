package ai.transonnx.verification.internal.runner;

import ai.transonnx.format.internal.Printable;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads a process's standard error until its end, so that the process never waits, and keeps the
 * last line that tells something.
 */
final class ErrorOutput {
  private static final int LONGEST = 4096;

  private final Thread thread;
  private volatile String last = "";

  ErrorOutput(InputStream input) {
    this.thread = new Thread(() -> read(new OutputLines(input, LONGEST)), "runner's errors");
    thread.setDaemon(true);
    thread.start();
  }

  private void read(OutputLines lines) {
    for (var line = lines.next(); line.isPresent(); line = lines.next()) {
      var text = line.get().text();
      if (tells(text)) {
        last = text;
      }
    }
  }

  /** Stack traces end with indented lines. */
  private static boolean tells(String line) {
    return !line.isBlank() && !Character.isWhitespace(line.charAt(0));
  }

  /**
   * The last line, for a message.
   *
   * @param patience the time to wait for the end of a process that is ending
   */
  Optional<String> last(Duration patience) {
    try {
      thread.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return last.isEmpty() ? Optional.empty() : Optional.of(Printable.of(last));
  }
}
