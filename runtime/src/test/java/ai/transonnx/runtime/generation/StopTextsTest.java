package ai.transonnx.runtime.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StopTextsTest {
  private final List<String> released = new ArrayList<>();

  private StopTexts search(List<String> stops, String... pieces) {
    var search = new StopTexts(stops);
    for (int i = 0; i < pieces.length && !search.found(); i++) {
      released.add(search.accept(pieces[i]));
    }
    return search;
  }

  @Test
  void onlyTheEndThatMayBecomeAStopTextIsWithheld() {
    var search = search(List.of("\n\nQ:"), "a\n", "b\n\n", "Q", "! ");
    assertEquals(List.of("a", "\nb", "", "\n\nQ! "), released);
    assertFalse(search.found());
    assertEquals("", search.rest());
  }

  @Test
  void aStopTextMaySpanPieces() {
    assertTrue(search(List.of("END"), "the EN", "D of it").found());
    assertEquals(List.of("the ", ""), released);
  }

  @Test
  void aMatchMayBeginWithinAFailedOne() {
    assertTrue(search(List.of("aab"), "aa", "a", "b").found());
    assertEquals("a", String.join("", released));
  }

  @Test
  void theFirstStopTextThatIsCompleteCounts() {
    assertTrue(search(List.of("abcd", "bc"), "xabcd").found());
    assertEquals(List.of("xa"), released);
    released.clear();
    assertTrue(search(List.of("c", "bc"), "abc").found());
    assertEquals(List.of("a"), released);
  }

  @Test
  void theWithheldTextIsReleasedAtTheEnd() {
    var search = search(List.of("</s>"), "a </s");
    assertEquals(List.of("a "), released);
    assertEquals("</s", search.rest());
  }

  @Test
  void charactersAreNotSplit() {
    search(List.of("😀"), "a", "😁");
    assertEquals(List.of("a", "😁"), released);
  }

  @Test
  void theResultDoesNotDependOnThePieces() {
    var random = new Random(11);
    for (int run = 0; run < 2000; run++) {
      var text = random(random, 30);
      var stops = List.of(random(random, 4), random(random, 3));
      int end = end(text, stops);
      var search = new StopTexts(stops);
      var seen = new StringBuilder();
      for (int at = 0; at < text.length() && !search.found(); ) {
        int next = Math.min(text.length(), at + 1 + random.nextInt(5));
        seen.append(search.accept(text.substring(at, next)));
        at = next;
      }
      assertEquals(end >= 0, search.found(), text + stops);
      assertEquals(end >= 0 ? text.substring(0, end) : text, seen.append(search.rest()).toString());
    }
  }

  private static String random(Random random, int longest) {
    var text = new StringBuilder();
    for (int length = 1 + random.nextInt(longest); length > 0; length--) {
      text.append((char) ('a' + random.nextInt(2)));
    }
    return text.toString();
  }

  /** The start of the longest stop text among those that are complete first; -1 without one. */
  private static int end(String text, List<String> stops) {
    for (int last = 1; last <= text.length(); last++) {
      var head = text.substring(0, last);
      var longest = stops.stream().filter(head::endsWith).mapToInt(String::length).max();
      if (longest.isPresent()) {
        return last - longest.getAsInt();
      }
    }
    return -1;
  }
}
