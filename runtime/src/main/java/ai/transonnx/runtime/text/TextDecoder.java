package ai.transonnx.runtime.text;

/**
 * Decodes the tokens of one text one at a time. The tokens of a character are buffered until it is
 * complete, so the texts that are returned never have a part of a character. For one thread.
 *
 * <pre>{@code
 * TextDecoder decoder = new ByteText(256).decoder();
 * decoder.accept(195); // ""
 * decoder.accept(169); // "é"
 * decoder.accept(195); // ""
 * decoder.finish(); // "": the character is incomplete
 * }</pre>
 */
public interface TextDecoder {
  /**
   * The text that {@code token} completes, often a character or a word; empty if there is none, as
   * for a special token. A token that cannot be part of the text becomes U+FFFD.
   *
   * @throws ai.transonnx.runtime.RequestException if it is not a token
   */
  String accept(long token);

  /**
   * The text of the buffered tokens, without a character whose tokens are incomplete. No token can
   * be added afterwards.
   */
  String finish();
}
