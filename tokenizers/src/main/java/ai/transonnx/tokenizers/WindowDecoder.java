package ai.transonnx.tokenizers;

import ai.transonnx.runtime.text.TextDecoder;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.Arrays;
import java.util.Set;

/**
 * Decodes a window of the last tokens at a time, so that the work for a token does not grow with
 * the text. The text of a token is the difference between the texts of the window with it and
 * without it, because it may depend on the tokens before it: the first token of a text may lose its
 * space.
 */
final class WindowDecoder implements TextDecoder {
  /** The native library's text of bytes that are not UTF-8, such as a part of a character. */
  private static final char REPLACEMENT = '\uFFFD';

  /** A character has at most as many tokens: its bytes. */
  private static final int LONGEST_CHARACTER = 4;

  /** The number of tokens without text at which one of them is taken for a broken character. */
  private static final int MOST_PENDING = 3 * LONGEST_CHARACTER;

  private final Tokenizer tokenizer;
  private final Set<Long> specialTokens;
  private long[] window;
  private int returned; // tokens of the window whose text has been returned
  private String returnedText;

  WindowDecoder(Tokenizer tokenizer, long... before) {
    this.tokenizer = tokenizer;
    this.specialTokens = Set.copyOf(tokenizer.specialTokens().values());
    this.window =
        Arrays.copyOfRange(before, Math.max(0, before.length - MOST_PENDING), before.length);
    this.returned = window.length;
    this.returnedText = tokenizer.decode(window);
  }

  @Override
  public String accept(long token) {
    if (specialTokens.contains(token)) {
      return ""; // has no text, and does not change that of others
    }
    window = Arrays.copyOf(window, window.length + 1);
    window[window.length - 1] = token;
    String text = tokenizer.decode(window);
    if (text.isEmpty() || text.charAt(text.length() - 1) != REPLACEMENT) {
      return advance(text, window.length);
    }
    if (window.length - returned < MOST_PENDING) {
      return "";
    }
    int complete = window.length - LONGEST_CHARACTER + 1;
    return advance(tokenizer.decode(Arrays.copyOf(window, complete)), complete);
  }

  /**
   * Returns the text of the window's tokens up to {@code end} that has not been returned. If it is
   * empty, the window stays as it is, unless it is long.
   */
  private String advance(String text, int end) {
    String rest = rest(text);
    if (!rest.isEmpty() || end - returned >= MOST_PENDING - LONGEST_CHARACTER) {
      window = Arrays.copyOfRange(window, returned, window.length);
      returned = end - returned;
      returnedText = tokenizer.decode(Arrays.copyOf(window, returned));
    }
    return rest;
  }

  /** The part of a text that has not been returned before. */
  private String rest(String text) {
    int start = returnedText.length();
    if (text.length() <= start) {
      return "";
    }
    boolean splits = start > 0 && Character.isLowSurrogate(text.charAt(start));
    return text.substring(splits ? start - 1 : start);
  }

  @Override
  public String finish() {
    String text = tokenizer.decode(window);
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == REPLACEMENT) {
      end--;
    }
    return rest(text.substring(0, end));
  }
}
