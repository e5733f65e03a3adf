package ai.transonnx.runtime.generation;

import java.util.List;

/**
 * Searches one text, character by character, for several others, and withholds its end as long as
 * that may become one of them (the automaton of Knuth, Morris and Pratt, 1977, for each). For one
 * thread.
 */
final class StopTexts {
  /** One of the texts, and how many of its characters the end of the searched text equals. */
  private static final class Pattern {
    private final String text;

    /** For each length of a match, the length of the next shorter one. */
    private final int[] shorter;

    private int matched;

    Pattern(String text) {
      this.text = text;
      this.shorter = new int[text.length() + 1];
      for (int i = 1; i < text.length(); i++) {
        shorter[i + 1] = next(shorter[i], text.charAt(i));
      }
    }

    private int next(int length, char c) {
      int current = length;
      while (text.charAt(current) != c) {
        if (current == 0) {
          return 0;
        }
        current = shorter[current];
      }
      return current + 1;
    }

    boolean accept(char c) {
      matched = next(matched, c);
      return matched == text.length();
    }
  }

  private final List<Pattern> patterns;
  private final StringBuilder withheld = new StringBuilder();
  private boolean found;

  /**
   * A search that has seen no text.
   *
   * @param texts none of them empty
   */
  StopTexts(List<String> texts) {
    this.patterns = texts.stream().map(Pattern::new).toList();
  }

  /** Whether one of the texts has occurred. Nothing may be added then. */
  boolean found() {
    return found;
  }

  /** Adds to the searched text. Returns the part that is certain not to be in one of the texts. */
  String accept(String text) {
    for (int i = 0; i < text.length(); i++) {
      withheld.append(text.charAt(i));
      int longest = longestMatch(text.charAt(i));
      if (longest > 0) {
        found = true;
        withheld.setLength(withheld.length() - longest);
        return rest();
      }
    }
    int possible = patterns.stream().mapToInt(pattern -> pattern.matched).max().orElse(0);
    String certain = withheld.substring(0, withheld.length() - possible);
    withheld.delete(0, certain.length());
    return certain;
  }

  private int longestMatch(char c) {
    int longest = 0;
    for (var pattern : patterns) {
      if (pattern.accept(c)) {
        longest = Math.max(longest, pattern.text.length());
      }
    }
    return longest;
  }

  /** The withheld part, when the text has ended. */
  String rest() {
    String rest = withheld.toString();
    withheld.setLength(0);
    return rest;
  }
}
