package ai.transonnx.golden;

import ai.transonnx.architecture.Library;
import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.internal.config.ReleaseRange;
import ai.transonnx.registry.Architectures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The table of all options, generated from the configuration records and the golden cases. */
final class OptionsTable {
  private static final String HEAD =
      """
      # Options

      All keyword arguments of all classes, with their JSON keys. The Java builders have methods of
      the same names in camel case. This file is generated from the code ([how](../CONTRIBUTING.md)).
      A test fails if it is out of date or if an option has no golden case.

      The last column names a case that sets the option to a value other than its default. Cases in
      `golden-tests/cases` and `golden-tests/releases` were recorded with the library; those in
      `golden-tests/references` were
      computed independently. Options marked *training* are accepted and do not change the graph.
      For x-transformers, a column names the releases that have the option, if they are not all. A
      class of x-transformers-paddle has the options that x-transformers 0.21.1 has.
      """;

  private final RecordedOptions recorded;
  private final Map<String, String> unrecorded;

  /**
   * Creates the table.
   *
   * @param unrecorded the reason why an option has no case, by its {@link #id}
   */
  OptionsTable(RecordedOptions recorded, Map<String, String> unrecorded) {
    this.recorded = recorded;
    this.unrecorded = unrecorded;
  }

  /** The configuration records of a library, each with the names of the classes it configures. */
  static Map<Class<? extends Record>, List<String>> configurations(Library library) {
    var names = new LinkedHashMap<Class<? extends Record>, List<String>>();
    Architectures.configurations(library)
        .forEach((name, type) -> names.computeIfAbsent(type, t -> new ArrayList<>()).add(name));
    for (var type : List.copyOf(names.keySet())) {
      for (var option : ConfigOption.all(type)) {
        var nested = option.type().type();
        if (nested.isRecord()) {
          names.putIfAbsent(
              nested.asSubclass(Record.class), List.of(option.type().notation().split(",", -1)[0]));
        }
      }
    }
    return names;
  }

  /** Identifies an option by its record and component, which several classes may share. */
  static String id(ConfigOption option) {
    var component = option.component();
    return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
  }

  @Override
  public String toString() {
    var text = new StringBuilder(HEAD);
    for (var library : Library.supported()) {
      text.append("\n## %s %s\n".formatted(library.id(), library.version()));
      configurations(library)
          .forEach((type, names) -> text.append(section(type, String.join(", ", names))));
    }
    return text.toString();
  }

  private String section(Class<? extends Record> type, String title) {
    var rows = new LinkedHashMap<ConfigOption, List<String>>();
    for (var option : ConfigOption.all(type)) {
      rows.keySet().stream()
          .filter(known -> id(known).equals(id(option)))
          .findAny()
          .ifPresentOrElse(
              known -> Objects.requireNonNull(rows.get(known)).addAll(option.keys()),
              () -> rows.put(option, new ArrayList<>(option.keys())));
    }
    return rows.entrySet().stream()
        .map(row -> row(row.getKey(), row.getValue()))
        .collect(
            Collectors.joining(
                "",
                "\n### "
                    + title
                    + "\n\n| option | type | default | releases | what it does | case |\n"
                    + "| --- | --- | --- | --- | --- | --- |\n",
                ""));
  }

  private String row(ConfigOption option, List<String> keys) {
    return "| %s | %s | %s | %s | %s | %s |\n"
        .formatted(
            keys.stream().map(key -> "`" + key + "`").collect(Collectors.joining(", ")),
            option.type().notation(),
            option.defaultValue().map(value -> "`" + value + "`").orElse(""),
            releases(option),
            (option.option().trainingOnly() ? "*training*: " : "") + option.option().value(),
            proof(option));
  }

  /** The releases that have an option; empty for all of them. */
  private static String releases(ConfigOption option) {
    var range = option.releases();
    var releases = range.equals(new ReleaseRange("", "")) ? "" : range.toString();
    var annotation = option.option();
    return annotation.renamed().isEmpty()
        ? releases
        : releases + "`%s` before %s".formatted(annotation.former(), annotation.renamed());
  }

  private String proof(ConfigOption option) {
    return option.option().trainingOnly()
        ? ""
        : recorded
            .of(option)
            .map(name -> name.substring(name.indexOf('/') + 1))
            .orElseGet(() -> "none: " + unrecorded.getOrDefault(id(option), "?"));
  }
}
