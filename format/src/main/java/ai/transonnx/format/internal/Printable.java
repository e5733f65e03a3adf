package ai.transonnx.format.internal;

/** Texts from files and users, prepared for messages: on one line, and not too long. */
public final class Printable {
  private static final int LONGEST = 200;
  private static final int LONGEST_QUOTE = 80;

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
    return longest == text.length() ? shown : shown + "...";
  }

  /** The text with a question mark for each control character. */
  public static String line(String text) {
    int[] plain = text.codePoints().map(c -> isPrintable(c) ? c : '?').toArray();
    return new String(plain, 0, plain.length);
  }

  private static boolean isPrintable(int character) {
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
