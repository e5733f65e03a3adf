package ai.transonnx.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads the lines of a file one at a time, so that a file of any size needs the memory of a line.
 */
final class LineReader implements AutoCloseable {
  private static final int MAX_BYTES =
      (int) Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 32);

  private final Path file;
  private final int most;
  private final InputStream stream;
  private long number;

  /**
   * Opens a file, or the standard input.
   *
   * @throws InputException if it cannot be read
   */
  LineReader(Path file) {
    this(file, MAX_BYTES);
  }

  LineReader(Path file, int most) {
    this.file = file;
    this.most = most;
    try {
      this.stream =
          new BufferedInputStream(StandardInput.isNamed(file) ? System.in : PlainFile.stream(file));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private InputException unreadable(IOException e) {
    return new InputException(file + ": " + FileErrors.unreadable(e), e);
  }

  /** A line; too long or malformed lines have a problem instead of a text. */
  record Line(long number, String text, Optional<String> problem) {}

  /**
   * The next line that is not blank; empty at the end.
   *
   * @throws InputException if the file cannot be read
   */
  Optional<Line> next() {
    try {
      while (true) {
        int first = stream.read();
        if (first < 0) {
          return Optional.empty();
        }
        number++;
        var line = line(first);
        if (line.problem.isPresent() || !line.text.isBlank()) {
          return Optional.of(line);
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Line line(int first) throws IOException {
    var bytes = new ByteArrayOutputStream();
    boolean isTooLong = false;
    for (int b = first; b >= 0 && b != '\n'; b = stream.read()) {
      if (bytes.size() < most) {
        bytes.write(b);
      } else {
        isTooLong = true;
      }
    }
    if (isTooLong) {
      return new Line(
          number, "", Optional.of("too long: a line may have at most %s bytes".formatted(most)));
    }
    try {
      var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
      return new Line(number, text, Optional.empty());
    } catch (CharacterCodingException e) {
      return new Line(number, "", Optional.of("not UTF-8"));
    }
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
