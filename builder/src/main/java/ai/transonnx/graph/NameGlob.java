package ai.transonnx.graph;

import java.util.List;

/**
 * A name in which {@code *} stands for any characters. Comparing takes time in proportion to the
 * name's length for each part, as a regular expression need not.
 *
 * @param parts the texts between the asterisks
 */
record NameGlob(List<String> parts) {
  static NameGlob of(String pattern) {
    return new NameGlob(List.of(pattern.split("\\*", -1)));
  }

  /** Whether it matches a name, or a module's path at the start of it, up to a dot. */
  boolean matchesPath(String name) {
    for (int end = name.indexOf('.'); end >= 0; end = name.indexOf('.', end + 1)) {
      if (matches(name.substring(0, end))) {
        return true;
      }
    }
    return matches(name);
  }

  private boolean matches(String name) {
    String first = parts.get(0);
    if (parts.size() == 1) {
      return name.equals(first);
    }
    String last = parts.get(parts.size() - 1);
    int end = name.length() - last.length();
    int position = first.length();
    if (position > end || !name.startsWith(first) || !name.endsWith(last)) {
      return false;
    }
    for (var part : parts.subList(1, parts.size() - 1)) {
      int found = name.indexOf(part, position);
      if (found < 0 || found + part.length() > end) {
        return false;
      }
      position = found + part.length();
    }
    return true;
  }
}
