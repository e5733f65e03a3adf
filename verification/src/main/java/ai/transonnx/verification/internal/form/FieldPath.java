package ai.transonnx.verification.internal.form;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import java.util.ArrayDeque;
import java.util.Deque;

/** The position of a value in JSON, such as {@code runners[2].calls[0].seconds}. */
final class FieldPath {
  private static final int LONGEST = 60;

  private final Deque<String> segments = new ArrayDeque<>();

  void enter(String field) {
    segments.addLast("." + cut(field));
  }

  void enter(int index) {
    segments.addLast("[" + index + "]");
  }

  void leave() {
    segments.removeLast();
  }

  /** An error at this position. */
  InputException error(String problem) {
    var path = String.join("", segments);
    return new InputException(
        (path.isEmpty() ? "" : path.substring(path.startsWith(".") ? 1 : 0) + ": ") + problem);
  }

  /** A text from the file on one line, and not too long. */
  static String cut(String text) {
    return Printable.line(text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text);
  }
}
