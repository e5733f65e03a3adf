package ai.transonnx.runtime.internal.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON as maps, lists, texts, {@code Long} numbers and truth values. */
final class Json {
  private Json() {}

  /** Parses a text that this project has written: its numbers are integers. */
  static Object parse(String text) {
    return new JsonParser(text).parse();
  }

  @SuppressWarnings("unchecked") // JsonParser makes maps of texts only.
  static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }

  static String text(Map<String, Object> object, String field) {
    return (String) value(object, field);
  }

  static long number(Map<String, Object> object, String field) {
    return (Long) value(object, field);
  }

  static long[] longs(Map<String, Object> object, String field) {
    return ((List<?>) value(object, field)).stream().mapToLong(Long.class::cast).toArray();
  }

  static List<String> texts(Map<String, Object> object, String field) {
    var texts = new ArrayList<String>();
    for (var text : (List<?>) value(object, field)) {
      texts.add((String) text);
    }
    return texts;
  }

  private static Object value(Map<String, Object> object, String field) {
    var value = object.get(field);
    if (value == null) {
      throw new IllegalArgumentException("the field '" + field + "' is missing");
    }
    return value;
  }

  /** Formats a value on one line, in ASCII. */
  static String text(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> quoted(String.valueOf(entry.getKey())) + ":" + text(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Json::text).collect(Collectors.joining(",", "[", "]"));
    }
    return value instanceof String text ? quoted(text) : String.valueOf(value);
  }

  private static String quoted(String text) {
    return text.chars()
        .mapToObj(
            c ->
                c >= ' ' && c < 127 && c != '"' && c != '\\'
                    ? Character.toString(c)
                    : "\\u" + Integer.toHexString(0x10000 | c).substring(1))
        .collect(Collectors.joining("", "\"", "\""));
  }
}
