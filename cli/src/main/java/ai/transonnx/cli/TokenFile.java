package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;

/** A file with a sequence of tokens in each line. Has no state. */
final class TokenFile {
  /** The digits of a token; no vocabulary has more. */
  private static final int MAX_DIGITS = 10;

  private TokenFile() {}

  /**
   * Reads the sequences of a file, or of the standard input.
   *
   * @throws InputException if the file cannot be read, is empty, or has something else than numbers
   *     with commas or spaces between them; the message names the line
   */
  static long[][] read(Path file) {
    var sequences = new ArrayList<long[]>();
    try (var reader = new LineReader(file)) {
      for (var line = reader.next(); line.isPresent(); line = reader.next()) {
        var given = line.get();
        given
            .problem()
            .ifPresent(
                problem -> {
                  throw error(file, given, problem);
                });
        sequences.add(tokens(file, given));
      }
    }
    if (sequences.isEmpty()) {
      throw new InputException(file + ": has no tokens; each line must be a sequence");
    }
    return sequences.toArray(long[][]::new);
  }

  private static long[] tokens(Path file, LineReader.Line line) {
    var text = line.text();
    var tokens = new long[16];
    int count = 0;
    for (int start = 0; start < text.length(); ) {
      if (isSeparator(text.charAt(start))) {
        start++;
        continue;
      }
      int end = start;
      while (end < text.length() && !isSeparator(text.charAt(end))) {
        end++;
      }
      if (count == tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * count);
      }
      tokens[count++] = token(file, line, text.substring(start, end));
      start = end;
    }
    return Arrays.copyOf(tokens, count);
  }

  private static boolean isSeparator(char c) {
    return c == ',' || Character.isWhitespace(c);
  }

  private static long token(Path file, LineReader.Line line, String word) {
    if (word.length() > MAX_DIGITS || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw error(
          file,
          line,
          "%s is not a token; a line has numbers, such as 1,2,3".formatted(Printable.quoted(word)));
    }
    return Long.parseLong(word);
  }

  private static InputException error(Path file, LineReader.Line line, String problem) {
    return new InputException("%s: line %s: %s".formatted(file, line.number(), problem));
  }
}
