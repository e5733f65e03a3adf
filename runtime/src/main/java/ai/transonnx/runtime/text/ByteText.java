package ai.transonnx.runtime.text;

import ai.transonnx.runtime.RequestException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Text for models whose tokens are the bytes of UTF-8.
 *
 * <pre>{@code
 * var text = new ByteText(256);
 * text.encode("hé"); // {104, 195, 169}
 * text.decode(104, 195, 169); // "hé"
 * new ByteText(128).encode("hé"); // RequestException: character 'é' (U+00E9) at position 1 ...
 * }</pre>
 *
 * @param vocabulary the number of tokens, which are the byte values below it
 */
public record ByteText(int vocabulary) implements Tokenizer {
  /**
   * @throws RequestException if {@code vocabulary} is not from 1 to 256
   */
  public ByteText {
    if (vocabulary < 1 || vocabulary > 256) {
      throw new RequestException(
          "the vocabulary has %s tokens; with byte tokens, 1 to 256 are possible"
              .formatted(vocabulary));
    }
  }

  /**
   * The bytes of {@code text}.
   *
   * @throws RequestException if a character is an unpaired surrogate, or has a byte that is not in
   *     the vocabulary; the message names the character and its position, counted in characters
   *     from 0
   */
  @Override
  public long[] encode(String text) {
    int[] characters = text.codePoints().toArray();
    for (int position = 0; position < characters.length; position++) {
      check(characters[position], position);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var tokens = new long[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = Byte.toUnsignedLong(bytes[i]);
    }
    return tokens;
  }

  private void check(int character, int position) {
    if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
      throw new RequestException(
          "%s at position %s is an unpaired surrogate".formatted(number(character), position));
    }
    for (byte b : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
      if (Byte.toUnsignedInt(b) >= vocabulary) {
        throw new RequestException(
            "character %s at position %s needs byte %s; the vocabulary ends at %s"
                .formatted(name(character), position, Byte.toUnsignedInt(b), vocabulary - 1));
      }
    }
  }

  private static String name(int character) {
    return Character.isISOControl(character)
        ? number(character)
        : "'%s' (%s)".formatted(Character.toString(character), number(character));
  }

  private static String number(int character) {
    return String.format(Locale.ROOT, "U+%04X", character);
  }

  /**
   * The text of {@code tokens}; bytes that are not UTF-8, also those of an incomplete character at
   * the end, become U+FFFD.
   *
   * @throws RequestException if a token is not a byte
   */
  @Override
  public String decode(long... tokens) {
    var bytes = new byte[tokens.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = ByteDecoder.checked(tokens[i]);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public TextDecoder decoder(long... before) {
    return new ByteDecoder(before);
  }

  @Override
  public int vocabularySize() {
    return vocabulary;
  }
}
