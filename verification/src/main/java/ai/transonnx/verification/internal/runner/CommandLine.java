package ai.transonnx.verification.internal.runner;

import ai.transonnx.InputException;
import java.util.ArrayList;
import java.util.List;

/** Splits a command into words, as a shell does with quotes and blanks, and nothing else. */
final class CommandLine {
  private CommandLine() {}

  /**
   * The words of a command. Blanks separate them; single or double quotes keep blanks.
   *
   * @throws InputException if a quote has no end, or there is no word
   */
  static List<String> words(String command) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean isWord = false;
    char quote = 0;
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
        isWord = true;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        if (isWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        isWord = false;
      } else {
        word.append(c);
        isWord = true;
      }
    }
    if (isWord) {
      words.add(word.toString());
    }
    if (quote != 0 || words.isEmpty()) {
      throw new InputException(
          quote != 0
              ? "the command %s has a quote without an end".formatted(command)
              : "exec: needs a command, such as exec:./runner.sh");
    }
    return words;
  }
}
