package ai.transonnx.format.internal.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerVocabularyTest {
  private static final Path FILE = Path.of("tokenizer.json");

  private static TokenizerVocabulary read(String json) {
    return TokenizerVocabulary.of(FILE, json.getBytes(UTF_8));
  }

  @Test
  void theHighestTokenOfModelAndAddedTokensCounts() {
    assertEquals(8, read("{\"model\": {\"vocab\": {\"a\": 7, \"b\": 2}}}").size());
    var added =
        read(
            """
            {"added_tokens": [{"id": 9, "content": "<s>", "special": true},
                              {"id": 3, "content": "word", "special": false}],
             "model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "b"]]}}
            """);
    assertEquals(10, added.size());
    assertEquals(Map.of("<s>", 9L), added.specialTokens());
  }

  @Test
  void aListHasItsTokensInOrder() {
    assertEquals(2, read("{\"model\": {\"vocab\": [[\"a\", -1.5], [\"b\", -2]]}}").size());
  }

  private static void assertRefused(String json, String problem) {
    var e = assertThrows(InputException.class, () -> read(json));
    assertTrue(e.getMessage().startsWith(FILE + ": not a tokenizer.json: "), e.getMessage());
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }

  @Test
  void aMalformedFileIsRefusedWithTheField() {
    assertRefused("{}", "'model.vocab' is missing or empty");
    assertRefused("{\"model\": {\"vocab\": {}}}", "'model.vocab' is missing or empty");
    assertRefused("{\"model\": {\"vocab\": 3}}", "'model.vocab' is neither an object nor a list");
    assertRefused("{\"model\": [1]}", "'model' must be one object");
    assertRefused("{\"model\": {}, \"model\": {}}", "'model' must be one object");
    assertRefused("{\"model\": {\"vocab\": {\"a\": -1}}}", "'model.vocab' has '-1'");
    assertRefused("{\"model\": {\"vocab\": {\"a\": [0]}}}", "'model.vocab' has '['");
    assertRefused("{\"model\": {\"vocab\": {\"a\": 99999999999}}}", "has '99999999999'");
    assertRefused("{\"model\": {\"vocab\": {\"a\": 16777216}}}", "token 16777216 is above");
    assertRefused("{\"added_tokens\": [{\"id\": 1}]}", "lacks 'id' or 'content'");
    assertRefused("{\"added_tokens\": [1]}", "'added_tokens' must be a list of objects");
    assertRefused("{\"model\": {\"vocab\": {\"a\": 0}}} 1", "unexpected text after the value");
    assertRefused("{\"model\": {\"vocab\": {\"a\": 0}", "Unexpected end-of-input");
    assertRefused("[1]", "Hugging Face's tokenizers write such files");
  }

  @Test
  void deepNestingIsRefused() {
    assertRefused("{\"a\":" + "[".repeat(100_000), "nesting depth");
  }

  @Test
  void anyMutationIsReadOrRefused() {
    var valid =
        "{\"added_tokens\":[{\"id\":9,\"content\":\"<s>\",\"special\":true}],\"model\":{\"vocab\":{\"a\":0},\"merges\":[]}}"
            .getBytes(UTF_8);
    var random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      var mutant = valid.clone();
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
      }
      try {
        assertTrue(TokenizerVocabulary.of(FILE, mutant).size() > 0);
      } catch (InputException e) {
        refused++;
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      }
    }
    assertTrue(refused > 1000, refused + " refused");
  }

  @Test
  void aFileThatIsTooLargeIsRefused(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("tokenizer.json"), " ".repeat(101));
    var e = assertThrows(InputException.class, () -> TokenizerFile.read(file, 100));
    assertEquals(file + ": too large: a tokenizer may have at most 100 bytes here", e.getMessage());
    assertEquals(101, TokenizerFile.read(file).content().length);
  }
}
