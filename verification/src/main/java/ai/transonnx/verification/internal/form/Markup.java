package ai.transonnx.verification.internal.form;

import ai.transonnx.format.internal.Printable;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes XML, or HTML that is also XML. Texts and attributes may be anything: they are escaped,
 * characters that no reader can see are replaced by question marks, and long texts are cut.
 *
 * <pre>{@code
 * new Markup().open("td").attribute("class", "number").text("5").close().toString();
 * // <td class="number">5</td>
 * }</pre>
 *
 * <p>For one thread.
 */
public final class Markup {
  private static final int LONGEST_TEXT = 8000;

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();
  private boolean inTag;

  /** Begins an element; its attributes come next. */
  public Markup open(String element) {
    endTag();
    out.append('<').append(element);
    open.push(element);
    inTag = true;
    return this;
  }

  /** Begins an element with the attribute {@code class}. */
  public Markup open(String element, String classes) {
    return open(element).attribute("class", classes);
  }

  /** Adds an attribute to the element that was just begun. */
  public Markup attribute(String name, String value) {
    if (!inTag) {
      throw new IllegalStateException(name + " has no element");
    }
    out.append(' ').append(name).append("=\"");
    escape(value);
    out.append('"');
    return this;
  }

  /** Adds a text to the current element. */
  public Markup text(String text) {
    endTag();
    escape(text);
    return this;
  }

  /** Adds a text that this program has and no input can change, such as a style sheet. */
  public Markup trusted(String text) {
    endTag();
    out.append(text);
    return this;
  }

  /** Ends the current element. */
  public Markup close() {
    var element = open.pop();
    if (inTag) {
      out.append("/>");
      inTag = false;
    } else {
      out.append("</").append(element).append('>');
    }
    return this;
  }

  /**
   * Ends the current element with an end tag, which HTML needs for every element that can have
   * content.
   */
  public Markup closeTag() {
    endTag();
    return close();
  }

  /** Adds an element with a text. */
  public Markup element(String element, String text) {
    return open(element).text(text).closeTag();
  }

  /** Adds an element with the attribute {@code class} and a text. */
  public Markup element(String element, String classes, String text) {
    return open(element, classes).text(text).closeTag();
  }

  /** Begins a new line, for readers of the text. */
  public Markup line() {
    endTag();
    out.append('\n');
    return this;
  }

  private void endTag() {
    if (inTag) {
      out.append('>');
      inTag = false;
    }
  }

  private void escape(String text) {
    int end = Math.min(text.length(), LONGEST_TEXT);
    for (int i = 0; i < end; ) {
      int character = text.codePointAt(i);
      escape(character);
      i += Character.charCount(character);
    }
    if (end < text.length()) {
      out.append("...");
    }
  }

  private void escape(int character) {
    switch (character) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      case '\n' -> out.append(inTag ? "&#10;" : "\n");
      default -> {
        if (Printable.isPrintable(character) && !isUndefined(character)) {
          out.appendCodePoint(character);
        } else {
          out.append('?');
        }
      }
    }
  }

  /** Whether XML allows no such character: the last two of each plane. */
  private static boolean isUndefined(int character) {
    return (character & 0xFFFE) == 0xFFFE;
  }

  /** The markup of all elements, which must be closed. */
  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException(open.peek() + " is open");
    }
    return out.toString();
  }
}
