package ai.transonnx.runtime.generation;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The new tokens of one row, and their text if there is a tokenizer. For one thread. */
final class GeneratedRow {
  private final @Nullable RowText text;
  private long[] tokens = new long[16];
  private int length;
  private boolean stopped;

  GeneratedRow(@Nullable RowText text) {
    this.text = text;
  }

  /**
   * A copy of this row, which has not ended.
   *
   * @param fresh a text without tokens; null if this row has none
   */
  GeneratedRow copy(@Nullable RowText fresh) {
    var copy = new GeneratedRow(fresh);
    for (int i = 0; i < length; i++) {
      copy.append(tokens[i], false);
    }
    return copy;
  }

  /**
   * Adds a token.
   *
   * @param stops whether it is a stop token, which has no text
   * @return the text that it makes certain
   */
  String append(long token, boolean stops) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = token;
    stopped = stops;
    if (text == null || stops) {
      return end();
    }
    String certain = text.accept(token);
    stopped = text.isStopped();
    return certain;
  }

  /** Ends the text. Returns the part that was withheld; empty if it has ended before. */
  String end() {
    return text == null ? "" : text.end();
  }

  /** Whether the row has ended with a stop token or a stop text. */
  boolean isStopped() {
    return stopped;
  }

  /** The last token; there is one. */
  long last() {
    return tokens[length - 1];
  }

  long[] tokens() {
    return Arrays.copyOf(tokens, length);
  }

  /** The text so far; empty if there is no tokenizer. */
  Optional<String> text() {
    return Optional.ofNullable(text).map(RowText::toString);
  }
}
