package ai.transonnx.export.weights;

/** Texts that a file has chosen, as a message can carry them: on one line, and not too long. */
public final class Printable {
  private static final int LONGEST = 200;

  private Printable() {}

  /** The text with a question mark for each control character, cut if it is long. */
  public static String of(String text) {
    int[] plain = text.codePoints().limit(LONGEST).map(c -> isPrintable(c) ? c : '?').toArray();
    String shown = new String(plain, 0, plain.length);
    return text.codePointCount(0, text.length()) <= LONGEST ? shown : shown + "...";
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
