package ai.transonnx.runtime.internal.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  @Test
  void aRequestIsParsed() {
    var request =
        Json.object(
            Json.parse(
                " {\"op\": \"run\", \"id\": -12, \"sizes\": [1,2], \"none\": [], \"o\": {\"t\":"
                    + " true}}"));
    assertEquals("run", Json.text(request, "op"));
    assertEquals(-12, Json.number(request, "id"));
    assertArrayEquals(new long[] {1, 2}, Json.longs(request, "sizes"));
    assertEquals(List.of(), Json.texts(request, "none"));
    assertEquals(Map.of("t", true), request.get("o"));
  }

  @Test
  void everyCharacterPasses() {
    var text = "/a \"b\" \\ \n\t\u0000 \u00fc \ud83d\ude00";
    assertEquals(text, Json.parse(Json.text(text)));
  }

  @Test
  void escapesAreParsed() {
    assertEquals("\b\f\n\r\t/\u00fc", Json.parse("\"\\b\\f\\n\\r\\t\\/\\u00FC\""));
  }

  @Test
  void aMessageIsOneLineOfAscii() {
    var message = new LinkedHashMap<String, Object>();
    message.put("ok", false);
    message.put("error", "\u00fc\n");
    message.put("sizes", List.of(1L, 2L));
    assertEquals("{\"ok\":false,\"error\":\"\\u00fc\\u000a\",\"sizes\":[1,2]}", Json.text(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[1", "[1 2]", "{\"a\" 1}", "\"a", "\"\\u12", "tru", "{} {}", "1.5"})
  void otherTextsAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
  }
}
