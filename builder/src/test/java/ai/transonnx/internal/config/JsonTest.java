package ai.transonnx.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.config.ConfigException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"b\":[true,false,null],\"c\":{\"d\":\"\\u00e9 \\\"quoted\\\"\"}}",
        "[]",
        "{}",
        "-0.5",
        "1e-5",
        "9223372036854775807",
        "123456789012345678901234567890",
        "\"text\""
      })
  void aParsedValueIsWrittenUnchanged(String text) {
    var value = Json.parse(text);
    assertEquals(value, Json.parse(Json.compact(value)));
  }

  @Test
  void compactTextHasNoWhiteSpace() {
    assertEquals("{\"a\":[1,2]}", Json.compact(Json.parse(" { \"a\" : [ 1, 2 ] } ")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "{", "[1,", "{\"a\":1,\"a\":2}", "{} {}", "nul", "{'a':1}"})
  void invalidJsonIsRejectedInOneLine(String text) {
    String message = assertThrows(ConfigException.class, () -> Json.parse(text)).getMessage();
    assertTrue(message.startsWith("not JSON: "), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void aHugeFileIsRejectedWithoutReadingIt(@TempDir Path folder) throws IOException {
    var file = folder.resolve("huge.json");
    try (var huge = new RandomAccessFile(file.toFile(), "rw")) {
      huge.setLength(3L << 30); // a sparse file
    }
    String message = assertThrows(InputException.class, () -> Json.read(file)).getMessage();
    assertEquals(file + ": too large: a JSON file may have at most 16777216 bytes", message);
  }

  @Test
  void aMultiLineKeyIsReportedInOneLine() {
    String text = "{\"a\\nb\": 1, \"a\\nb\": 2}";
    String message = assertThrows(ConfigException.class, () -> Json.parse(text)).getMessage();
    assertEquals("not JSON: Duplicate field 'a?b', in line 1", message);
  }

  @Test
  void deepNestingIsRejected() {
    assertThrows(ConfigException.class, () -> Json.parse("[".repeat(100_000)));
  }
}
