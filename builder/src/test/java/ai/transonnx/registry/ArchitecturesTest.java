package ai.transonnx.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.Library;
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
  void whatIsNoObjectIsRefused() {
    assertTrue(refusal("[1]").startsWith("a configuration is a JSON object"));
    assertEquals("not JSON: the text is empty", refusal(""));
  }

  @Test
  void brokenJsonIsRefusedInOneLine() {
    assertTrue(refusal("{'class': ").startsWith("not JSON: "));
    assertTrue(refusal("{'class': 'A', 'class': 'B'}").startsWith("not JSON: Duplicate field"));
    assertTrue(refusal("{} {}").startsWith("not JSON: "));
  }

  @Test
  void anUnknownLibraryIsRefused() {
    var thrown = assertThrows(InputException.class, () -> Library.of("x-transformer"));
    assertTrue(
        thrown
            .getMessage()
            .startsWith("unknown library 'x-transformer'; it must be one of token-shift-gpt"));
  }
}
