package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import org.junit.jupiter.api.Test;

class ArgumentEncodingTest {
  @Test
  void namesTheArgumentAndTheEncoding() {
    var problem =
        assertThrows(
            InputException.class,
            () ->
                new ArgumentEncoding("ANSI_X3.4-1968")
                    .check("generate", "--prompt", "\uFFFD\uFFFDber"));

    assertEquals(
        "'\uFFFD\uFFFDber' has characters that the locale's encoding, ANSI_X3.4-1968, cannot represent;"
            + " set LC_ALL to a UTF-8 locale, such as C.UTF-8",
        problem.getMessage());
  }

  @Test
  void acceptsWhatTheEncodingRepresents() {
    new ArgumentEncoding("UTF-8").check("\uFFFD");
    new ArgumentEncoding("ISO-8859-1").check("\u00DCber");
  }
}
