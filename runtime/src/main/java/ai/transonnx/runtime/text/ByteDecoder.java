package ai.transonnx.runtime.text;

import ai.transonnx.runtime.RequestException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes byte tokens. The bytes of a character are buffered until it is complete. */
final class ByteDecoder implements TextDecoder {
  /** A character has at most one more byte. */
  private static final int MOST_INCOMPLETE = 3;

  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final ByteBuffer held = ByteBuffer.allocate(8);
  private final CharBuffer text = CharBuffer.allocate(8);

  /** A decoder of the bytes after {@code before}, which may end within a character. */
  ByteDecoder(long... before) {
    for (int i = Math.max(0, before.length - MOST_INCOMPLETE); i < before.length; i++) {
      accept(before[i]);
    }
  }

  @Override
  public String accept(long token) {
    held.put(checked(token));
    held.flip();
    utf8.decode(held, text, false);
    held.compact();
    String decoded = text.flip().toString();
    text.clear();
    return decoded;
  }

  /**
   * A token as a byte.
   *
   * @throws RequestException if it is not from 0 to 255
   */
  static byte checked(long token) {
    if (token < 0 || token > 255) {
      throw new RequestException("token " + token + " is not a byte: 0 to 255");
    }
    return (byte) token;
  }

  @Override
  public String finish() {
    return ""; // The held bytes are an incomplete character.
  }
}
