package ai.transonnx.format.internal;

import java.util.StringJoiner;

/** Texts from files and users, prepared for messages: on one line, and not too long. */
public final class Printable {
  private static final int LONGEST = 200;
  private static final int LONGEST_QUOTE = 80;
  private static final int LONGEST_WORD = 500;
  private static final int LONGEST_MESSAGE = 4000;

  private static final String OMISSION = "...";

  private Printable() {}

  /** The text on {@linkplain #line one line}, cut after 200 characters. */
  public static String of(String text) {
    return cut(text, LONGEST);
  }

  /** The text in quotes, on {@linkplain #line one line}, cut after 80 characters. */
  public static String quoted(String text) {
    return "'" + cut(text, LONGEST_QUOTE) + "'";
  }

  private static String cut(String text, int most) {
    int longest = text.offsetByCodePoints(0, Math.min(most, text.codePointCount(0, text.length())));
    String shown = line(text.substring(0, longest));
    return longest == text.length() ? shown : shown + OMISSION;
  }

  /**
   * A message that names whatever a user has given: on {@linkplain #line one line}, without the
   * middle of paths and other words of more than 500 characters, and with 4000 at most.
   */
  public static String message(String text) {
    var words = new StringJoiner(" ");
    for (var word : line(text).split(" ", -1)) {
      words.add(withoutMiddle(word, LONGEST_WORD));
    }
    return withoutMiddle(words.toString(), LONGEST_MESSAGE);
  }

  private static String withoutMiddle(String text, int most) {
    int characters = text.codePointCount(0, text.length());
    if (characters <= most) {
      return text;
    }
    int shown = (most - OMISSION.length()) / 2;
    return text.substring(0, text.offsetByCodePoints(0, shown))
        + OMISSION
        + text.substring(text.offsetByCodePoints(text.length(), -shown));
  }

  /** The text with a question mark for each control character. */
  public static String line(String text) {
    int[] plain = text.codePoints().map(c -> isPrintable(c) ? c : '?').toArray();
    return new String(plain, 0, plain.length);
  }

  /** Whether a reader can see a character, or a space: it does not control the text around it. */
  public static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
