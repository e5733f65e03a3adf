package ai.transonnx.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of tokens are decoded as the whole text, and never split a character. */
class WindowDecoderTest {
  private static final String MIXED = "Hi 🐱👨‍👩‍👧, naïve 日本語 text\n\ttail 🇫🇷 end";

  private Tokenizer tokenizer = Fixtures.open(Fixtures.BYTE_LEVEL);

  private void use(Path file) {
    tokenizer.close();
    tokenizer = Fixtures.open(file);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private List<String> stream(long... tokens) {
    return Fixtures.stream(tokenizer.decoder(), tokens);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../golden-tests/text/byte-level-bpe/tokenizer.json",
        "src/test/resources/byte-fallback.json"
      })
  void aStreamIsTheTextInWholeCharacters(Path file) {
    use(file);
    var tokens = tokenizer.encode(MIXED);
    assertTrue(tokens.length > MIXED.codePointCount(0, MIXED.length()), "characters of tokens");
    var pieces = stream(tokens);
    assertEquals(MIXED, String.join("", pieces));
    for (var piece : pieces) {
      assertFalse(piece.contains("\uFFFD"), piece);
      assertEquals(piece, new String(piece.codePoints().toArray(), 0, characters(piece)));
      assertTrue(piece.isEmpty() || !Character.isLowSurrogate(piece.charAt(0)), piece);
    }
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../golden-tests/text/byte-level-bpe/tokenizer.json",
        "src/test/resources/byte-fallback.json"
      })
  void aTextThatEndsWithinACharacterEndsBeforeIt(Path file) {
    use(file);
    var tokens = tokenizer.encode("o🐙");
    for (int length = 1; length < tokens.length; length++) {
      var text = String.join("", stream(Arrays.copyOf(tokens, length)));
      assertTrue(List.of("", "o").contains(text), text);
    }
    assertEquals("o🐙", String.join("", stream(tokens)));
  }

  @Test
  void aWordAfterThePromptKeepsItsSpace() {
    use(Fixtures.BYTE_FALLBACK);
    var tokens = tokenizer.encode("hello world");
    var prompt = Arrays.copyOf(tokens, 1);
    assertEquals("hello", tokenizer.decode(prompt));
    assertEquals(" world", tokenizer.decoder(prompt).accept(tokens[1]));
    assertEquals("world", tokenizer.decoder().accept(tokens[1]));
  }

  @Test
  void theFirstBytesOfACharacterMayEndThePrompt() {
    var tokens = tokenizer.encode("🐙");
    assertTrue(tokens.length > 1);
    var before = Arrays.copyOf(tokens, tokens.length - 1);
    assertEquals("🐙", tokenizer.decoder(before).accept(tokens[tokens.length - 1]));
  }

  @Test
  void specialTokensHaveNoText() {
    var words = tokenizer.encode("a model");
    var tokens = new long[40 + words.length];
    Arrays.fill(tokens, tokenizer.specialTokens().get("<|endoftext|>"));
    System.arraycopy(words, 0, tokens, 20, words.length);
    assertEquals("a model", String.join("", stream(tokens)));
  }

  @Test
  void bytesThatAreNoCharactersDoNotHoldBackTheText() {
    long continuation = tokenizer.encode("🐙")[tokenizer.encode("🐙").length - 1];
    assertEquals("\uFFFD", tokenizer.decode(continuation));
    var broken = new long[50];
    Arrays.fill(broken, continuation);
    var decoder = tokenizer.decoder();
    var text = new StringBuilder();
    for (long token : broken) {
      text.append(decoder.accept(token));
    }
    assertTrue(text.length() > 30, text.length() + " characters");
    for (long token : tokenizer.encode("🐱 cat")) {
      text.append(decoder.accept(token));
    }
    assertEquals("\uFFFD".repeat(50) + "🐱 cat", text.append(decoder.finish()).toString());
  }
}
