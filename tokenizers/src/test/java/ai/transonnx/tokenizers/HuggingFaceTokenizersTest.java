package ai.transonnx.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.runtime.ClosedException;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceTokenizersTest {
  @TempDir private Path folder;

  @Test
  void theTokensAreThoseOfPython() {
    try (var tokenizer = Fixtures.open(Fixtures.BYTE_LEVEL)) {
      var tokens = tokenizer.encode("A cat 🐱!");
      assertArrayEquals(new long[] {33, 274, 267, 1398, 239, 110, 1}, tokens);
      assertEquals("A cat 🐱!", tokenizer.decode(tokens));
      assertEquals(2000, tokenizer.vocabularySize());
      assertEquals(Map.of("<|endoftext|>", 0L), tokenizer.specialTokens());
    }
  }

  @Test
  void specialTokensAreAddedOnRequest() {
    try (var tokenizer = Fixtures.open(Fixtures.BYTE_FALLBACK)) {
      long hello = tokenizer.encode("hello")[0];
      assertArrayEquals(new long[] {hello}, tokenizer.encode("hello"));
      assertArrayEquals(new long[] {1, hello}, tokenizer.encodeWithSpecialTokens("hello"));
    }
  }

  @Test
  void textsAreNotTruncated() {
    try (var tokenizer = Fixtures.open(Fixtures.BYTE_FALLBACK)) {
      assertEquals(9, tokenizer.encode("hello" + " world".repeat(8)).length);
    }
  }

  @Test
  void theTextOfASpecialTokenIsThatToken() {
    try (var tokenizer = Fixtures.open(Fixtures.BYTE_LEVEL)) {
      assertEquals(0, tokenizer.encode("end<|endoftext|>")[1]);
    }
  }

  @Test
  void tokensBeyondTheVocabularyHaveNoText() {
    try (var tokenizer = Fixtures.open(Fixtures.BYTE_LEVEL)) {
      assertEquals("A", tokenizer.decode(2000, 33, 1L << 32));
      assertEquals("", tokenizer.decoder().accept(2047));
      assertThrows(RequestException.class, () -> tokenizer.decode(-1));
    }
  }

  @Test
  void anUnpairedSurrogateIsRefused() {
    try (var tokenizer = Fixtures.open(Fixtures.BYTE_LEVEL)) {
      var e = assertThrows(RequestException.class, () -> tokenizer.encode("ab\uD83D"));
      assertEquals("U+D83D at position 2 is an unpaired surrogate", e.getMessage());
    }
  }

  @Test
  void aClosedTokenizerIsRefused() {
    var tokenizer = Fixtures.open(Fixtures.BYTE_LEVEL);
    tokenizer.close();
    tokenizer.close();
    assertThrows(ClosedException.class, () -> tokenizer.encode("a"));
    assertThrows(ClosedException.class, () -> tokenizer.decode(33));
  }

  private void assertRefused(String content, String problem) throws IOException {
    var file = Files.writeString(folder.resolve("tokenizer.json"), content);
    var e = assertThrows(InputException.class, () -> Tokenizers.open(file));
    assertTrue(e.getMessage().startsWith(file + ": " + problem), e.getMessage());
  }

  @Test
  void aModelThatTheLibraryDoesNotKnowIsRefused() throws IOException {
    assertRefused(
        "{\"model\": {\"type\": \"Other\", \"vocab\": {\"a\": 0}}}",
        "the tokenizer cannot be created: ");
  }

  @Test
  void otherKindsOfFilesNameTheConversion() throws IOException {
    assertRefused("\n\u000e\n\u0005<unk>", "not a tokenizer.json: this looks like a SentencePiece");
    assertRefused("IQ== 0\nIg== 1\n", "not a tokenizer.json: this looks like tiktoken's ranks; ");
    assertRefused("", "not a tokenizer.json: Hugging Face's tokenizers write such files");
  }

  @Test
  void theLibraryIsRemovedFromTheTemporaryFolder() throws Exception {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=" + folder,
            "-Duser.home=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Opening.class.getName());
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("printed").toFile())
            .start();
    assertEquals(0, process.waitFor(), Files.readString(folder.resolve("printed")));
    String[] left = folder.toFile().list((directory, name) -> !name.startsWith("hsperfdata"));
    assertArrayEquals(new String[] {"printed"}, left);
  }

  /** Opens a tokenizer. */
  static final class Opening {
    private Opening() {}

    public static void main(String[] arguments) {
      Tokenizers.open(Fixtures.BYTE_LEVEL).close();
    }
  }
}
