package ai.transonnx.export.internal.binding;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A set of names in which {@code *} stands for any characters, also for none. */
final class NamePatterns {
  private final List<Pattern> patterns;

  NamePatterns(Collection<String> names) {
    this.patterns = names.stream().map(NamePatterns::compile).toList();
  }

  private static Pattern compile(String name) {
    return Pattern.compile(
        Arrays.stream(name.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }

  boolean matches(String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
