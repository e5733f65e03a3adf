package ai.transonnx.export.internal.binding;

import java.util.List;

/**
 * A name in which {@code *} stands for any number of characters. It is compared in time that grows
 * with the length of a name, as a regular expression is not.
 *
 * @param parts the texts between the asterisks
 */
record NamePattern(List<String> parts) {
  static NamePattern of(String name) {
    return new NamePattern(List.of(name.split("\\*", -1)));
  }

  /** Whether this is the pattern of a name. */
  boolean matches(String name) {
    String first = parts.get(0);
    if (parts.size() == 1) {
      return name.equals(first);
    }
    String last = parts.get(parts.size() - 1);
    int end = name.length() - last.length();
    if (!name.startsWith(first) || !name.endsWith(last)) {
      return false;
    }
    int position = first.length();
    for (var part : parts.subList(1, parts.size() - 1)) {
      int found = name.indexOf(part, position);
      if (found < 0) {
        return false;
      }
      position = found + part.length();
    }
    return position <= end;
  }
}
