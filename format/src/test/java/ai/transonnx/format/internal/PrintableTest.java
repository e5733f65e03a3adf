package ai.transonnx.format.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void aMessageLosesTheMiddleOfALongWord() {
    var message = Printable.message("a".repeat(10_000) + "b: no such file");
    assertTrue(message.startsWith("aaa"), message);
    assertTrue(message.endsWith("aab: no such file"), message);
    assertTrue(message.contains("a...a"), message);
    assertTrue(message.length() < 600, message);
  }

  @Test
  void aMessageLosesTheMiddleOfManyWords() {
    var message = Printable.message("'" + "word ".repeat(10_000) + "': unknown");
    assertTrue(message.startsWith("'word word"), message);
    assertTrue(message.endsWith("word ': unknown"), message);
    assertEquals(4000, message.length(), 1);
  }

  @Test
  void aMessageKeepsWhatPeopleWrite() {
    var text = "/a path/with  spaces/model.onnx: no such file";
    assertEquals(text, Printable.message(text));
  }

  @Test
  void noCharacterIsCut() {
    var message = Printable.message("\ud83d\ude00".repeat(10_000));
    assertTrue(message.codePoints().allMatch(c -> c == 0x1f600 || c == '.'), message);
  }

  @Test
  void everyExceptionIsCut() {
    assertTrue(new InputException("n".repeat(10_000)).getMessage().length() <= 500);
  }
}
