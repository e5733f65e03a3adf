package ai.transonnx.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DimTest {
  private final Dim n = Dim.of("n");

  @Test
  void sumsThatAreTheSameForEveryNameAreEqual() {
    assertEquals(n, n.plus(5).plus(Dim.of("past")).minus(Dim.of("past")).plus(-5));
    assertEquals(Dim.of(7), n.plus(7).minus(n));
    assertNotEquals(n, Dim.of("m"));
  }

  @Test
  void readsAsASum() {
    assertEquals("n + 511", n.plus(511).toString());
    assertEquals("2*n - 1", n.times(2).plus(-1).toString());
    assertEquals("3", Dim.of(3).toString());
  }

  @Test
  void aProductOfNamesIsUnknownYetEqualToItself() {
    var product = n.times(Dim.of("b"));
    assertTrue(product.isUnknown());
    assertEquals(product, Dim.of("b").times(n));
    assertNotEquals(product, n.times(n));
    assertEquals(n.times(4), n.times(Dim.of(4)));
    assertEquals(n, Dim.of(1).times(n));
  }

  @Test
  void substitutesNames() {
    var bound = n.times(2).plus(-1).substitute(Map.of("n", Dim.of(4)));
    assertTrue(bound.is(7));
    assertEquals(n, n.substitute(Map.of("m", Dim.of(4))));
  }

  @Test
  void aNegativeSizeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Dim.of(-1));
  }

  @Test
  void aNameOfOtherCharactersIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Dim.of("batch size"));
  }

  @Test
  void aNamedSizeHasNoNumber() {
    var thrown = assertThrows(IllegalStateException.class, n::size);
    assertEquals("dimension n has no fixed size", thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "7",
        "batch",
        "_n1",
        "n + 511",
        "2*n - 1",
        "2*length + past + 1",
        "-1*past + length",
        "-3*n",
        "?",
        "?3",
        "2*?1 + n",
        "n - 4"
      })
  void readsBackWhatItWrites(String text) {
    var dim = Dim.parse(text);
    assertEquals(text, dim.toString());
    assertEquals(text.matches("[0-9]+"), dim.isFixed());
    assertEquals(text.contains("?"), dim.isUnknown());
  }

  @Test
  void aTextIsReadAsTheSizeThatItNames() {
    assertEquals(n.times(2).plus(Dim.of("past")).plus(1), Dim.parse("2*n + past + 1"));
    assertEquals(n.plus(-4), Dim.parse("n - 4"));
    assertEquals(Dim.of(12), Dim.parse("12"));
    assertEquals(Dim.unknown(3), Dim.parse("?3"));
    assertEquals(Dim.unknown(), Dim.parse("?"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-5",
        "+5",
        "007",
        "1.5",
        "batch size",
        "n+1",
        "n + n",
        "1 + n",
        "n + 0",
        "b * n",
        "floor(n / 2)",
        "n + ",
        " + n",
        "n - -1",
        "99999999999999999999",
        "n + 99999999999999999999",
        "99999999999999999999*n",
        "1*n",
        "n\n",
        "\u0000"
      })
  void anyOtherTextIsANameThatEqualsItselfAlone(String text) {
    var dim = Dim.parse(text);
    assertEquals(text, dim.toString());
    assertEquals(Dim.parse(text), dim);
    assertEquals(text, dim.soleName());
    assertFalse(dim.isFixed());
    assertFalse(dim.isUnknown());
  }

  @Test
  void aHostileTextIsReadAtOnce() {
    for (var part : List.of("n", "1", " + ", "n + ", "-", "9*", "?", "(", "a+a + ")) {
      var text = part.repeat(1 << 20);
      assertTimeoutPreemptively(
          Duration.ofSeconds(5), () -> assertEquals(text, Dim.parse(text).toString()));
    }
  }
}
