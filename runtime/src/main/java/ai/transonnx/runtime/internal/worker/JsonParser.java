package ai.transonnx.runtime.internal.worker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses JSON whose numbers are integers, as {@link Json} describes it. */
final class JsonParser {
  private final String text;
  private int position;

  JsonParser(String text) {
    this.text = text;
  }

  Object parse() {
    var value = value();
    skipBlanks();
    if (position < text.length()) {
      throw error("the end");
    }
    return value;
  }

  private Object value() {
    skipBlanks();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      default -> number();
    };
  }

  private Map<String, Object> object() {
    var object = new LinkedHashMap<String, Object>();
    position++;
    while (!isEnd('}', object.isEmpty())) {
      skipBlanks();
      var name = string();
      skipBlanks();
      expect(':');
      object.put(name, value());
    }
    return object;
  }

  private List<Object> array() {
    var array = new ArrayList<>();
    position++;
    while (!isEnd(']', array.isEmpty())) {
      array.add(value());
    }
    return array;
  }

  /** Whether an array or object ends here; if not, skips the comma before the next element. */
  private boolean isEnd(char end, boolean isFirst) {
    skipBlanks();
    if (peek() == end) {
      position++;
      return true;
    }
    if (!isFirst) {
      expect(',');
    }
    return false;
  }

  private String string() {
    expect('"');
    var string = new StringBuilder();
    for (char c = next(); c != '"'; c = next()) {
      string.append(c == '\\' ? escape() : c);
    }
    return string.toString();
  }

  private char escape() {
    char c = next();
    return switch (c) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        position += 4;
        if (position > text.length()) {
          throw error("four digits");
        }
        yield (char) Integer.parseInt(text.substring(position - 4, position), 16);
      }
      default -> c;
    };
  }

  private Object word(String word, boolean value) {
    if (!text.startsWith(word, position)) {
      throw error(word);
    }
    position += word.length();
    return value;
  }

  private Long number() {
    int start = position;
    while (position < text.length() && "-0123456789".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
    if (start == position) {
      throw error("a value");
    }
    return Long.valueOf(text.substring(start, position));
  }

  private void skipBlanks() {
    while (position < text.length() && text.charAt(position) <= ' ') {
      position++;
    }
  }

  private void expect(char c) {
    if (peek() != c) {
      throw error("'" + c + "'");
    }
    position++;
  }

  private char next() {
    char c = peek();
    position++;
    return c;
  }

  private char peek() {
    if (position >= text.length()) {
      throw error("more");
    }
    return text.charAt(position);
  }

  private IllegalArgumentException error(String expected) {
    return new IllegalArgumentException(
        "JSON: %s is expected at character %s".formatted(expected, position));
  }
}
