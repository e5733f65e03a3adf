package ai.transonnx.verification.internal.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "1, 1",
    "0.25, 0.25",
    "147.96, 148",
    "999.96, 1000",
    "12345.6, 12346",
    "99999.4, 99999",
    "99999.9, 1e5",
    "0.001234, 0.00123",
    "0.0009999, 1e-3",
    "-1.2049e-7, -1.2e-7",
    "4.9e-324, 4.9e-324",
    "1.7976931348623157e308, 1.8e308",
    "Infinity, infinity",
    "-Infinity, -infinity",
    "NaN, NaN",
  })
  void aNumberHasThreeSignificantDigits(double value, String text) {
    assertEquals(text, Numbers.of(value));
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "0.1, 0.1", "1.00000001, 1.00000001", "1.5e-9, 1.5e-9", "NaN, NaN"})
  void anExactNumberHasAllDigits(double value, String text) {
    assertEquals(text, Numbers.exact(value));
  }

  @ParameterizedTest
  @CsvSource({"0, 0 bytes", "1023, 1023 bytes", "1536, 1.5 KiB", "151982113, 145 MiB"})
  void aSizeHasItsUnit(long bytes, String text) {
    assertEquals(text, Numbers.bytes(bytes));
  }

  @ParameterizedTest
  @CsvSource({"0.0125, 0.0125 s", "99.5, 99.5 s", "125.4, 2 min 5 s", "NaN, NaN s"})
  void aTimeHasItsUnit(double seconds, String text) {
    assertEquals(text, Numbers.seconds(seconds));
  }

  @Test
  void aCountHasSeparators() {
    assertEquals("1,234,567", Numbers.count(1_234_567));
  }
}
