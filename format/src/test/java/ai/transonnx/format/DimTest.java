package ai.transonnx.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
