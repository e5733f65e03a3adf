package ai.transonnx.verification.internal.runner;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.Spelling;
import ai.transonnx.runtime.ModelOptions.Optimisation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The name of a runtime, with its settings. Immutable, so threads may share it.
 *
 * @param text the name as it was given
 * @param target the part after the kind that is no setting, such as a version; may be empty
 * @param level the level of graph optimization, if it was given
 * @param threads the number of threads; 0 for the runtime's default
 */
public record RunnerName(
    String text, RunnerKind kind, String target, Optional<Optimisation> level, int threads) {
  /** The rest of a list after it is a command, with its commas and colons. */
  static final String COMMAND = "exec:";

  private static final String THREADS = "threads=";
  private static final Pattern THREAD_COUNT = Pattern.compile("[1-9][0-9]{0,2}");
  private static final String EVERY_LEVEL = ":*";
  private static final List<String> LEVELS =
      Stream.of(Optimisation.values()).map(RunnerName::text).toList();

  /** The level of graph optimization; all of it if none was given. */
  public Optimisation levelOrAll() {
    return level.orElse(Optimisation.ALL);
  }

  /** The text for a message. */
  public String shown() {
    return Printable.of(text);
  }

  /** The settings for a fingerprint: level and threads. */
  Map<String, String> properties() {
    var properties = new LinkedHashMap<String, String>();
    properties.put("level", text(levelOrAll()));
    properties.put("threads", threads == 0 ? "default" : String.valueOf(threads));
    return properties;
  }

  /** Such as {@code basic}. */
  public static String text(Optimisation level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The names in a list that is separated by commas.
   *
   * @throws InputException if one is not the name of a runtime
   */
  public static List<RunnerName> parseAll(String list) {
    var names = new ArrayList<RunnerName>();
    String rest = list.strip();
    while (!rest.isEmpty()) {
      int comma = rest.startsWith(COMMAND) ? -1 : rest.indexOf(',');
      String name = (comma < 0 ? rest : rest.substring(0, comma)).strip();
      rest = comma < 0 ? "" : rest.substring(comma + 1).strip();
      if (!name.isEmpty()) {
        expand(name).map(RunnerName::parse).forEach(names::add);
      }
    }
    if (names.isEmpty()) {
      throw new InputException("no runtime is given; possible are " + RunnerKinds.names());
    }
    return names;
  }

  private static Stream<String> expand(String name) {
    int every = name.startsWith(COMMAND) ? -1 : name.indexOf(EVERY_LEVEL);
    return every < 0
        ? Stream.of(name)
        : LEVELS.stream()
            .map(
                level ->
                    name.substring(0, every + 1)
                        + level
                        + name.substring(every + EVERY_LEVEL.length()));
  }

  /**
   * Parses the name of one runtime.
   *
   * @throws InputException if it is none
   */
  public static RunnerName parse(String name) {
    int colon = name.indexOf(':');
    var kind = RunnerKinds.named(colon < 0 ? name : name.substring(0, colon));
    var rest = colon < 0 ? "" : name.substring(colon + 1);
    if (colon >= 0 && rest.isBlank()) {
      throw error(name, "has nothing after the colon", kind);
    }
    if (kind.settings() == RunnerKind.Settings.NONE) {
      return new RunnerName(name, kind, target(name, kind, rest), Optional.empty(), 0);
    }
    Optional<Optimisation> level = Optional.empty();
    int threads = 0;
    while (!rest.isEmpty()) {
      int last = rest.lastIndexOf(':');
      var part = rest.substring(last + 1);
      if (LEVELS.contains(part) && level.isEmpty()) {
        level = Optional.of(Optimisation.valueOf(part.toUpperCase(Locale.ROOT)));
      } else if (part.startsWith(THREADS) && threads == 0) {
        threads = threads(name, part.substring(THREADS.length()));
      } else {
        break;
      }
      rest = last < 0 ? "" : rest.substring(0, last);
    }
    return new RunnerName(name, kind, target(name, kind, rest), level, threads);
  }

  private static int threads(String name, String count) {
    if (!THREAD_COUNT.matcher(count).matches()) {
      throw new InputException(
          "runtime %s: threads is %s; 1 to 999 are possible"
              .formatted(Printable.quoted(name), Printable.quoted(count)));
    }
    return Integer.parseInt(count);
  }

  private static String target(String name, RunnerKind kind, String rest) {
    if (rest.isEmpty() && kind.needsTarget()) {
      throw error(name, "is incomplete", kind);
    }
    if (!rest.isEmpty() && !kind.takesTarget()) {
      var settings = Stream.concat(LEVELS.stream(), Stream.of(THREADS + "1")).toList();
      var nearest =
          kind.settings() == RunnerKind.Settings.NONE
              ? Optional.<String>empty()
              : Spelling.nearest(rest, settings);
      throw error(
          name,
          "has no %s%s"
              .formatted(
                  Printable.quoted(rest),
                  nearest.map("; did you mean '%s'?"::formatted).orElse("")),
          kind);
    }
    return rest;
  }

  private static InputException error(String name, String problem, RunnerKind kind) {
    return new InputException(
        "runtime %s %s; the form is %s%s"
            .formatted(
                Printable.quoted(name),
                problem,
                kind.form(),
                kind.settings() == RunnerKind.Settings.NONE
                    ? ""
                    : ", with a LEVEL of " + String.join(", ", LEVELS)));
  }
}
