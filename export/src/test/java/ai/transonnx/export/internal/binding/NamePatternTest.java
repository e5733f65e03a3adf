package ai.transonnx.export.internal.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
  @ParameterizedTest
  @CsvSource({
    "w, w, true",
    "w, w2, false",
    "a.*.w, a.1.w, true",
    "a.*.w, a..w, true",
    "a.*.w, a.w, false",
    "a.*.*.w, a.1.2.w, true",
    "a.*.*.w, a.1.w, false",
    "*.w, net.w, true",
    "a.*, a., true",
    "a*a, a, false",
    "a.(b)*, a.(b)c, true",
  })
  void anAsteriskStandsForAnyCharacters(String pattern, String name, boolean matches) {
    assertEquals(matches, NamePattern.of(pattern).matches(name));
  }

  /** A regular expression would try every combination of positions. */
  @Test
  void aLongNameIsComparedInProportionToItsLength() {
    var pattern = NamePattern.of("a*.*.*.b");
    String name = "a" + ".".repeat(40_000);
    assertTimeout(Duration.ofSeconds(20), () -> assertFalse(pattern.matches(name)));
  }
}
