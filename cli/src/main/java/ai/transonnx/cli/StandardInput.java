package ai.transonnx.cli;

import ai.transonnx.InputException;
import java.io.IOException;
import java.nio.file.Path;

/** The standard input of a command, which users name {@code -}. Has no state. */
final class StandardInput {
  /** The name in options. */
  static final String NAME = "-";

  private StandardInput() {}

  /** Whether an option names the standard input instead of a file. */
  static boolean isNamed(Path file) {
    return file.toString().equals(NAME);
  }

  /**
   * Reads all of it as a text.
   *
   * @throws InputException if it is empty, too long, or not UTF-8
   */
  static String read() {
    try {
      return TextFile.read("standard input", System.in);
    } catch (IOException e) {
      throw new InputException("standard input: cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a prompt: a text without the line end at its end, which {@code echo} and editors add.
   *
   * @throws InputException if it is empty, too long, or not UTF-8
   */
  static String readPrompt() {
    return read().replaceFirst("\\r?\\n\\z", "");
  }
}
