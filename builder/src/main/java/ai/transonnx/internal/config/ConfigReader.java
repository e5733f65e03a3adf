package ai.transonnx.internal.config;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.Spelling;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes configuration records of JSON objects.
 *
 * <p>Every component carries an {@link Option}, or is an {@link OptionGroup}. A key that no
 * component has, a type that does not fit, or a missing value is a {@link ConfigException}; ranges
 * are checked by the record itself, so that Java and JSON are held to the same.
 */
public final class ConfigReader {
  /** The key that says which class a configuration is of. */
  public static final String CLASS = "class";

  private ConfigReader() {}

  /**
   * Reads a configuration.
   *
   * @param json an object whose keys are the options, besides {@value #CLASS}
   * @throws ConfigException if it does not describe a {@code T}
   */
  public static <T extends Record> T read(JsonNode json, Class<T> type) {
    var keys = keys(type);
    for (var name : (Iterable<String>) json::fieldNames) {
      if (!name.equals(CLASS) && !keys.contains(name)) {
        throw isDecided(name, type) ? decided(name) : unknown(name, keys);
      }
    }
    return RecordMaker.make(type, option -> value(json, option));
  }

  /**
   * Reads an option that is a configuration itself, of the class that its record is named for; it
   * can be of no other, so that the class may be left out.
   */
  static <T extends Record> T readNested(JsonNode json, Class<T> type) {
    var className = json.path(CLASS);
    var expected = className(type);
    if (expected.isPresent() && !className.asText(expected.get()).equals(expected.get())) {
      throw ConfigException.notAllowed(CLASS, className, expected.get());
    }
    return read(json, type);
  }

  /** The one class that a record configures, unless the class is an option of it. */
  static Optional<String> className(Class<? extends Record> type) {
    boolean isOption =
        Arrays.stream(type.getRecordComponents())
            .anyMatch(
                component ->
                    component.getAnnotation(OptionGroup.class) == null
                        && ConfigOption.key(component).equals(CLASS));
    return isOption
        ? Optional.empty()
        : Optional.of(type.getSimpleName().replaceFirst("Config$", ""));
  }

  /** All keys that a configuration of this type may have, besides {@value #CLASS}. */
  private static Set<String> keys(Class<? extends Record> type) {
    var keys = new LinkedHashSet<String>();
    ConfigOption.all(type).forEach(option -> keys.addAll(option.keys()));
    keys.remove(CLASS);
    return keys;
  }

  private static boolean isDecided(String name, Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> component.getAnnotation(OptionGroup.class))
        .filter(Objects::nonNull)
        .anyMatch(
            group ->
                Arrays.stream(group.decided()).anyMatch(key -> name.equals(group.prefix() + key)));
  }

  private static ConfigException decided(String name) {
    return new ConfigException("option '%s' cannot be set: the class decides it".formatted(name));
  }

  private static ConfigException unknown(String name, Set<String> keys) {
    var nearest = Spelling.nearest(name, keys);
    var advice =
        nearest.isEmpty()
            ? "the options are " + String.join(", ", keys.stream().sorted().toList())
            : "did you mean '" + nearest.get() + "'?";
    return new ConfigException("unknown option '%s'; %s".formatted(Printable.of(name), advice));
  }

  private static @Nullable Object value(JsonNode json, ConfigOption option) {
    var given = option.keys().stream().filter(json::has).sorted().toList();
    if (given.size() > 1) {
      throw new ConfigException(
          "options '%s' and '%s' are the same; give one".formatted(given.get(0), given.get(1)));
    }
    return given.isEmpty()
        ? option.absent()
        : option.type().convert(given.get(0), Objects.requireNonNull(json.get(given.get(0))));
  }
}
