package ai.transonnx.cli;

import java.util.Arrays;
import java.util.List;

/** Comma-separated tokens, as one value of an option. */
record TokenList(List<Long> tokens) {
  TokenList {
    tokens = List.copyOf(tokens);
  }

  /**
   * Parses a text.
   *
   * @throws NumberFormatException if one of its parts is no number
   */
  static TokenList of(String text) {
    return new TokenList(
        Arrays.stream(text.split(",", -1)).map(part -> Long.valueOf(part.strip())).toList());
  }

  long[] toArray() {
    return tokens.stream().mapToLong(Long::longValue).toArray();
  }
}
