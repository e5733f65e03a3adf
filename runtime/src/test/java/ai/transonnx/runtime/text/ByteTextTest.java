package ai.transonnx.runtime.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.runtime.RequestException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteTextTest {
  private static final ByteText TEXT = new ByteText(256);

  @ParameterizedTest
  @ValueSource(strings = {"", "Hi", "hé", "日本語", "a🙂b", "\u0000\uFFFF"})
  void decodedTextEqualsTheOriginal(String text) {
    assertEquals(text, TEXT.decode(TEXT.encode(text)));
  }

  @Test
  void tokensAreTheBytes() {
    assertArrayEquals(new long[] {104, 195, 169}, TEXT.encode("hé"));
  }

  @Test
  void aByteOutsideTheVocabularyIsRejected() {
    var e = assertThrows(RequestException.class, () -> new ByteText(128).encode("hé"));
    assertEquals(
        "character 'é' (U+00E9) at position 1 needs byte 195; the vocabulary ends at 127",
        e.getMessage());
    assertThrows(RequestException.class, () -> new ByteText(100).encode("z"));
  }

  @Test
  void positionsCountCharacters() {
    var e = assertThrows(RequestException.class, () -> new ByteText(0xF1).encode("🙂🙂\uD800"));
    assertEquals("U+D800 at position 2 is an unpaired surrogate", e.getMessage());
  }

  @Test
  void aVocabularyLargerThanBytesIsRejected() {
    assertThrows(RequestException.class, () -> new ByteText(257));
    assertThrows(RequestException.class, () -> new ByteText(0));
    assertThrows(RequestException.class, () -> TEXT.decode(256));
    assertThrows(RequestException.class, () -> TEXT.decode(-1));
  }

  @Test
  void aCharacterIsDecodedWithItsLastByte() {
    assertEquals(List.of("a", "", "é", "", "", "", "🙂", "b", ""), stream(TEXT.encode("aé🙂b")));
  }

  @Test
  void anIncompleteCharacterAtTheEndIsNotStreamed() {
    assertEquals(List.of("a", "", "", ""), stream('a', 0xE6, 0x97));
    assertEquals("a\uFFFD", TEXT.decode('a', 0xE6, 0x97));
  }

  @Test
  void theBytesOfACharacterMayBeginBeforeTheText() {
    var decoder = TEXT.decoder('a', 0xE6, 0x97);
    assertEquals("日", decoder.accept(0xA5));
  }

  @Test
  void aByteThatIsNotUtf8IsReplaced() {
    assertEquals(List.of("\uFFFD", "a", ""), stream(0xFF, 'a'));
    assertEquals(List.of("", "\uFFFDa", ""), stream(0xC3, 'a'));
  }

  @Test
  void aStreamDecodesAsTheWhole() {
    var tokens = new long[3000];
    var random = new Random(5);
    Arrays.setAll(tokens, i -> i == tokens.length - 1 ? 'a' : random.nextInt(256));
    var bytes = new byte[tokens.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) tokens[i];
    }
    assertEquals(new String(bytes, StandardCharsets.UTF_8), String.join("", stream(tokens)));
  }

  private static List<String> stream(long... tokens) {
    var decoder = TEXT.decoder();
    var pieces = new ArrayList<String>();
    for (long token : tokens) {
      pieces.add(decoder.accept(token));
    }
    pieces.add(decoder.finish());
    return pieces;
  }
}
