package ai.transonnx.runtime.text;

import java.util.Map;

/**
 * Encodes text as tokens, and decodes tokens. {@link Tokenizers} finds that of a model; a program
 * may implement its own. Threads may share a tokenizer.
 *
 * <pre>{@code
 * try (Tokenizer tokenizer = Tokenizers.of(model)) {
 *   long[] tokens = tokenizer.encode("In the beginning");
 *   tokenizer.decode(tokens); // "In the beginning"
 * }
 * }</pre>
 */
public interface Tokenizer extends AutoCloseable {
  /**
   * The tokens of a text, without those that mark its begin and end. The text of a special token in
   * {@code text} becomes that token.
   *
   * @throws ai.transonnx.runtime.RequestException if the text cannot be encoded
   */
  long[] encode(String text);

  /**
   * The tokens of a text, with the special tokens that the tokenizer adds to each text, such as
   * those of its begin and end. A tokenizer without such tokens returns those of {@link #encode}.
   *
   * @throws ai.transonnx.runtime.RequestException if the text cannot be encoded
   */
  default long[] encodeWithSpecialTokens(String text) {
    return encode(text);
  }

  /**
   * The text of tokens, without special tokens. Bytes that are not UTF-8 become U+FFFD.
   *
   * @throws ai.transonnx.runtime.RequestException if one is not a token
   */
  String decode(long... tokens);

  /**
   * A decoder for the text that follows other tokens, on which its first characters may depend: a
   * word after another word begins with a space.
   *
   * @param before the tokens before the text; none at the start of a text
   */
  TextDecoder decoder(long... before);

  /** One more than the highest token. */
  int vocabularySize();

  /** The special tokens by their text. They mark the parts of texts and are not decoded. */
  default Map<String, Long> specialTokens() {
    return Map.of();
  }

  /** Waits for calls in progress, then frees memory. A second close has no effect. */
  @Override
  default void close() {}
}
