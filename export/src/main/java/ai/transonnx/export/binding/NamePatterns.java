package ai.transonnx.export.binding;

import java.util.Arrays;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A set of names in which {@code *} stands for any characters, also for none. */
final class NamePatterns {
  private final Pattern pattern;

  NamePatterns(Collection<String> names) {
    this.pattern =
        Pattern.compile(names.stream().map(NamePatterns::regex).collect(Collectors.joining("|")));
  }

  private static String regex(String name) {
    return Arrays.stream(name.split("\\*", -1))
        .map(Pattern::quote)
        .collect(Collectors.joining(".*"));
  }

  boolean matches(String name) {
    return pattern.matcher(name).matches();
  }
}
