package ai.transonnx.runtime.text;

import ai.transonnx.runtime.RequestException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes byte tokens into text one at a time. The bytes of a character are buffered until it is
 * complete.
 *
 * <pre>{@code
 * var decoder = new ByteDecoder();
 * decoder.accept(195); // ""
 * decoder.accept(169); // "é"
 * decoder.accept(195); // ""
 * decoder.finish(); // "\uFFFD": the character is incomplete
 * }</pre>
 */
public final class ByteDecoder {
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final ByteBuffer held = ByteBuffer.allocate(8);
  private final CharBuffer text = CharBuffer.allocate(8);

  /** A decoder at the start of a text. */
  public ByteDecoder() {}

  /**
   * The text that {@code token} completes, often one character; empty if the token is not the last
   * byte of its character. A byte that cannot be part of the text becomes U+FFFD.
   *
   * @throws RequestException if {@code token} is not from 0 to 255
   */
  public String accept(long token) {
    if (token < 0 || token > 255) {
      throw new RequestException("token " + token + " is not a byte: 0 to 255");
    }
    held.put((byte) token);
    return decode(false);
  }

  /** The text of the buffered bytes; the decoder is then ready for another text. */
  public String finish() {
    String rest = decode(true);
    utf8.reset();
    return rest;
  }

  private String decode(boolean end) {
    held.flip();
    utf8.decode(held, text, end);
    if (end) {
      utf8.flush(text);
    }
    held.compact();
    String decoded = text.flip().toString();
    text.clear();
    return decoded;
  }
}
