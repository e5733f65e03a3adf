package ai.transonnx.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/** A text of a user in UTF-8. Has no state. */
final class TextFile {
  /** The text, its tokens and the memory of a tokenizer must fit into the heap. */
  private static final int MAX_BYTES =
      (int) Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 32);

  private TextFile() {}

  /**
   * Reads the text of a file, or of the standard input.
   *
   * @throws InputException if it cannot be read, is empty, too large, or not UTF-8
   */
  static String read(Path file) {
    if (StandardInput.isNamed(file)) {
      return StandardInput.read();
    }
    try (var stream = PlainFile.stream(file)) {
      return read(file.toString(), stream);
    } catch (IOException e) {
      throw new InputException(file + ": " + FileErrors.unreadable(e), e);
    }
  }

  /**
   * Reads a text to its end.
   *
   * @param name the name of its source in messages
   * @throws InputException if it is empty, too large, or not UTF-8
   */
  static String read(String name, InputStream stream) throws IOException {
    var bytes = stream.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new InputException(
          "%s: the text is too long; it may have %s bytes".formatted(name, MAX_BYTES));
    }
    if (bytes.length == 0) {
      throw new InputException(name + ": the text is empty");
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InputException(name + ": the text is not UTF-8", e);
    }
  }
}
