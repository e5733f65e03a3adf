package ai.transonnx.golden;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.ReleaseOptions;
import ai.transonnx.xtransformers.Release;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What depends on the release of x-transformers, generated from the options and the profiles: which
 * releases have an option, and from which release on something is computed in another way.
 */
final class ReleasesTable {
  /** Releases of which there are recorded cases, and the default. */
  private static final List<Release> COLUMNS =
      List.of(
              "0.15.0 0.29.2 1.9.2 1.16.23 1.19.0 1.23.2 1.26.6 1.27.20 1.30.0 1.30.23 1.31.14 1.42.28 2.3.1 2.11.24 2.26.4"
                  .split(" ", -1))
          .stream()
          .map(Release::of)
          .toList();

  private static final String HEAD =
      """
      # Releases of x-transformers

      The files of a checkpoint do not name the release of x-transformers that wrote them, but names of
      weights, options and computations depend on it. This file is generated from the code
      ([how](../CONTRIBUTING.md)); a test fails if it is out of date. Releases %s to %s are supported.

      ## Options by release

      Options that some release does not have; [options.md](options.md) describes all of them. A dot
      means that the release has the option.
      """
          .formatted(Release.FIRST, Release.NEWEST);

  private static final String CHANGES =
      """

      ## Changes of names and computations

      Each row is a value of a release's profile (package `ai.transonnx.internal.xtransformers`), with
      the first release of each value.

      | part | value | releases |
      | --- | --- | --- |
      """;

  @Override
  public String toString() {
    return HEAD + options() + CHANGES + changes();
  }

  private static String options() {
    var text = new StringBuilder();
    OptionsTable.configurations(Library.X_TRANSFORMERS)
        .forEach((type, names) -> text.append(section(type, String.join(", ", names))));
    return text.toString();
  }

  private static String section(Class<? extends Record> type, String title) {
    var rows = new LinkedHashMap<String, ConfigOption>();
    for (var option : ConfigOption.all(type)) {
      boolean everywhere =
          COLUMNS.stream().allMatch(release -> new ReleaseOptions(release).has(option.releases()));
      if (!everywhere) {
        rows.putIfAbsent(OptionsTable.id(option), option);
      }
    }
    return rows.isEmpty()
        ? ""
        : "\n### %s\n\n| option | releases | %s |\n| --- | --- |%s\n%s"
            .formatted(
                title,
                COLUMNS.stream().map(Release::toString).collect(Collectors.joining(" | ")),
                " --- |".repeat(COLUMNS.size()),
                rows.values().stream().map(ReleasesTable::row).collect(Collectors.joining()));
  }

  private static String row(ConfigOption option) {
    return "| `%s` | %s | %s |\n"
        .formatted(
            option.key(),
            option.releases(),
            COLUMNS.stream()
                .map(release -> new ReleaseOptions(release).has(option.releases()) ? "•" : "")
                .collect(Collectors.joining(" | ")));
  }

  private static String changes() {
    var releases = Release.supported();
    return Arrays.stream(Profile.class.getDeclaredMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> method.getReturnType().getSimpleName().endsWith("Profile"))
        .sorted(Comparator.comparing(Method::getName))
        .map(part -> part(part, releases))
        .collect(Collectors.joining());
  }

  private static String part(Method part, List<Release> releases) {
    var rows = new ArrayList<String>();
    Arrays.stream(part.getReturnType().getDeclaredMethods())
        .filter(ReleasesTable::isValue)
        .sorted(Comparator.comparing(Method::getName))
        .forEach(
            value -> {
              var steps = steps(part, value, releases);
              if (steps.contains(";")) {
                rows.add(
                    "| %s | %s | %s |\n"
                        .formatted(words(part.getName()), words(value.getName()), steps));
              }
            });
    return String.join("", rows);
  }

  private static boolean isValue(Method method) {
    return Modifier.isPublic(method.getModifiers())
        && method.getParameterCount() == 0
        && !method.getReturnType().isRecord()
        && !method.getName().equals("release")
        && !List.of("toString", "hashCode").contains(method.getName());
  }

  /** The values by release: {@code yes; no from 1.27.0}. */
  private static String steps(Method part, Method value, List<Release> releases) {
    var steps = new ArrayList<String>();
    String last = null;
    for (var release : releases) {
      var text = text(call(value, Objects.requireNonNull(call(part, Profile.of(release)))));
      if (!text.equals(last)) {
        steps.add(last == null ? text : text + " from " + release);
        last = text;
      }
    }
    return String.join("; ", steps);
  }

  private static Object call(Method method, Object subject) {
    try {
      var value = method.invoke(subject);
      return value == null ? "none" : value;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(method.toString(), e);
    }
  }

  private static String text(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? "yes" : "no";
    }
    if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Object::toString).collect(Collectors.joining(".", "`", "`"));
    }
    return value instanceof String name && !name.equals("none")
        ? "`" + name + "`"
        : value.toString();
  }

  private static String words(String name) {
    return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }
}
