package ai.transonnx.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.Library;
import ai.transonnx.internal.config.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitecturesTest {
  private static Architecture read(String json) {
    return Architectures.of(Library.TOKEN_SHIFT_GPT, json.replace('\'', '"'));
  }

  private static String refusal(String json) {
    return assertThrows(InputException.class, () -> read(json)).getMessage();
  }

  @Test
  void aConfigurationNamesItsClass() {
    var gpt =
        read("{'class': 'TokenShiftGPT', 'num_tokens': 2, 'dim': 2, 'max_seq_len': 2, 'depth': 0}");
    assertEquals("TokenShiftGPT", gpt.className());
  }

  @Test
  void anotherClassIsRefused() {
    assertEquals(
        "'class' is \"GPT\"; it must be one of TokenShiftGPT", refusal("{'class': 'GPT'}"));
    assertEquals("'class' is missing; it must be one of TokenShiftGPT", refusal("{}"));
  }

  @Test
  void theKeysOfAConfigurationWithoutAClassSuggestIt() {
    assertEquals(
        "'class' is missing; the keys fit TokenShiftGPT",
        refusal("{'num_tokens': 2, 'dim': 2, 'max_seq_len': 2, 'depth': 1}"));
    assertEquals(
        "'class' is missing; it must be one of TokenShiftGPT",
        refusal("{'num_tokens': 2, 'dim': 2, 'max_seq_len': 2, 'depth': 1, 'layers': 1}"));
    assertEquals(
        "'class' is missing; it must be one of TokenShiftGPT", refusal("{'num_tokens': 2}"));
  }

  @Test
  void theKeysOfAConfigurationSuggestItsLibrary() {
    assertEquals(
        List.of("FLASHTransformer of FLASH-pytorch"),
        fitting("{'num_tokens': 2, 'dim': 2, 'depth': 1, 'shift_tokens': true}"));
    assertEquals(
        List.of("Decoder of x-transformers", "Decoder of x-transformers-paddle"),
        fitting("{'class': 'Decoder', 'dim': 2, 'depth': 1}"));
    assertEquals(List.of(), fitting("{'n_layer': 2}"));
    assertEquals(List.of(), fitting("{}"));
  }

  private static List<String> fitting(String json) {
    return Architectures.fitting(Json.parse(json.replace('\'', '"')));
  }

  @Test
  void whatIsNoObjectIsRefused() {
    assertTrue(refusal("[1]").startsWith("a configuration is a JSON object"));
    assertEquals("not JSON: the text is empty", refusal(""));
  }

  @Test
  void brokenJsonIsRefusedInOneLine() {
    assertEquals("not JSON: the text ends within a value, in line 2", refusal("{\n\"class\": "));
    assertTrue(refusal("{'class': 'A', 'class': 'B'}").startsWith("not JSON: Duplicate field"));
    assertTrue(refusal("{} {}").startsWith("not JSON: "));
  }

  @Test
  void anUnknownLibraryIsRefused() {
    var thrown = assertThrows(InputException.class, () -> Library.of("keras"));
    assertTrue(
        thrown
            .getMessage()
            .startsWith("unknown library 'keras'; it must be one of token-shift-gpt"));
  }

  @Test
  void aMisspeltLibrarySuggestsItsName() {
    for (var name : List.of("x-transformer", "x_transformers", "X-Transformers")) {
      var thrown = assertThrows(InputException.class, () -> Library.of(name));
      assertEquals(
          "unknown library '%s'; did you mean 'x-transformers'?".formatted(name),
          thrown.getMessage());
    }
  }
}
