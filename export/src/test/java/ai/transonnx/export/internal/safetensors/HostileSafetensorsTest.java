package ai.transonnx.export.internal.safetensors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.TestWeights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileSafetensorsTest {
  @TempDir private Path directory = Path.of("");

  /** Each row: the header, the number of bytes after it, and a part of the expected message. */
  @ParameterizedTest(name = "{2}")
  @CsvFileSource(
      resources = "hostile-headers.csv",
      delimiter = '|',
      quoteCharacter = '`',
      maxCharsPerColumn = 100_000)
  void refusesTheHeader(String header, int dataBytes, String message) {
    var path = directory.resolve("bad.safetensors");
    TestWeights.write(path, header.getBytes(ISO_8859_1), new byte[dataBytes]);
    assertRefused(path, message);
  }

  @Test
  void namesTheTensorOfATruncatedFile() throws IOException {
    var path = directory.resolve("short.safetensors");
    new TestWeights().addCounting("first", 4).addCounting("second", 4).write(path);
    var whole = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(whole, whole.length - 1));
    assertRefused(
        path,
        "tensor 'second': its data_offsets end at 32, but the file has only 31 bytes of data;"
            + " it is truncated, copy it again");
  }

  @Test
  void refusesEveryPrefixOfAFile() throws IOException {
    var path = directory.resolve("whole.safetensors");
    new TestWeights().addCounting("first", 4).addCounting("second", 4).write(path);
    var whole = Files.readAllBytes(path);
    var prefix = directory.resolve("prefix.safetensors");
    for (int length = 0; length < whole.length; length++) {
      Files.write(prefix, Arrays.copyOf(whole, length));
      assertThrows(InputException.class, () -> SafetensorsFile.open(prefix));
    }
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    var path = Files.write(directory.resolve("empty"), new byte[0]);
    assertRefused(
        path, "not a safetensors file: it has 0 bytes, but the header's length alone takes 8");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, Long.MAX_VALUE, 100_000_001})
  void refusesAHeaderLongerThanTheFormatAllows(long length) throws IOException {
    assertRefused(
        withHeaderLength(length),
        "not a safetensors file: it declares a header of %s bytes; the format allows 100000000"
            .formatted(Long.toUnsignedString(length)));
  }

  @Test
  void refusesAHeaderLongerThanTheFile() throws IOException {
    assertRefused(
        withHeaderLength(3),
        "truncated, or not a safetensors file: it declares a header of 3 bytes, but has only 2");
  }

  private Path withHeaderLength(long length) throws IOException {
    var bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(length).put((byte) '{').put((byte) '}');
    return Files.write(directory.resolve("claims.safetensors"), bytes.array());
  }

  private static void assertRefused(Path path, String message) {
    var error = assertThrows(InputException.class, () -> SafetensorsFile.open(path));
    String actual = String.valueOf(error.getMessage());
    assertTrue(actual.startsWith(path + ": "), actual);
    assertEquals(1, actual.lines().count(), actual);
    assertTrue(actual.contains(message), actual);
  }
}
