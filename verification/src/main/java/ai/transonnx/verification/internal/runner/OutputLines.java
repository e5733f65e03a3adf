package ai.transonnx.verification.internal.runner;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The lines that a process writes, read with bounded memory: longer lines are returned in pieces.
 * For one thread.
 */
final class OutputLines {
  private final InputStream input;
  private final int longest;

  OutputLines(InputStream input, int longest) {
    this.input = input;
    this.longest = longest;
  }

  /**
   * A line.
   *
   * @param isWhole false if it is a piece, or the last line without an end
   */
  record Line(String text, boolean isWhole) {}

  /** Waits for the next line; empty at the end. A failure to read is the end. */
  Optional<Line> next() {
    var bytes = new ByteArrayOutputStream();
    while (bytes.size() < longest) {
      int read = read();
      if (read == '\n') {
        return Optional.of(line(bytes, true));
      }
      if (read < 0) {
        return bytes.size() == 0 ? Optional.empty() : Optional.of(line(bytes, false));
      }
      bytes.write(read);
    }
    return Optional.of(line(bytes, false));
  }

  private static Line line(ByteArrayOutputStream bytes, boolean isWhole) {
    return new Line(bytes.toString(StandardCharsets.UTF_8).stripTrailing(), isWhole);
  }

  private int read() {
    try {
      return input.read();
    } catch (IOException e) {
      return -1;
    }
  }
}
