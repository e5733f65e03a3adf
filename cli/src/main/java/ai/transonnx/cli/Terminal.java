package ai.transonnx.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A terminal as standard output: control characters of a text would be commands to it. */
final class Terminal {
  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

  private Terminal() {}

  /** Whether standard output is a terminal. */
  static boolean isStandardOutput() {
    try {
      String device = Files.readSymbolicLink(STANDARD_OUTPUT).toString();
      if (device.startsWith("/dev/pts/") || device.startsWith("/dev/tty")) {
        return true;
      }
    } catch (IOException e) {
      // Not on Linux.
    }
    return hasConsole();
  }

  /** Whether standard input and output are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // The version decides below.
  private static boolean hasConsole() {
    var console = System.console();
    try {
      return console != null
          && (Runtime.version().feature() < 22
              || (boolean) Console.class.getMethod("isTerminal").invoke(console));
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** A text with a question mark for each control character, except for line feeds and tabs. */
  static String printable(String text) {
    int[] plain =
        text.codePoints()
            .map(c -> Character.isISOControl(c) && c != '\n' && c != '\t' ? '?' : c)
            .toArray();
    return new String(plain, 0, plain.length);
  }
}
