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
 * Reads configuration records from JSON objects.
 *
 * <p>Each component of a record has an {@link Option} or an {@link OptionGroup} annotation. An
 * unknown key, a value of the wrong type or a missing value is reported as a {@link
 * ConfigException}. The record's constructor checks ranges, so that the same rules apply to Java
 * and JSON.
 */
public final class ConfigReader {
  /** The key of the Python class's name. */
  public static final String CLASS = "class";

  private ConfigReader() {}

  /**
   * Reads a configuration.
   *
   * @param json an object whose keys are the options, and optionally {@value #CLASS}
   * @throws ConfigException if the object is not a valid {@code T}
   */
  public static <T extends Record> T read(JsonNode json, Class<T> type) {
    var keys = keys(type);
    for (var name : (Iterable<String>) json::fieldNames) {
      if (!name.equals(CLASS) && !keys.contains(name)) {
        throw isFixedByClass(name, type) ? fixedByClass(name) : unknown(name, keys);
      }
    }
    return RecordFactory.create(type, option -> value(json, option));
  }

  /**
   * Reads a configuration nested in another one. If the record configures exactly one class, the
   * key {@value #CLASS} may be omitted.
   *
   * @param parent the key of the configuration, which the keys in messages follow
   */
  static <T extends Record> T readNested(String parent, JsonNode json, Class<T> type) {
    try {
      return readNested(json, type);
    } catch (ConfigException e) {
      var keys = keys(type);
      keys.add(CLASS);
      json.fieldNames().forEachRemaining(keys::add);
      throw e.withPrefix(parent + ".", keys);
    }
  }

  private static <T extends Record> T readNested(JsonNode json, Class<T> type) {
    var className = json.path(CLASS);
    var expected = className(type);
    if (expected.isPresent() && !className.asText(expected.get()).equals(expected.get())) {
      throw ConfigException.notAllowed(CLASS, className, expected.get());
    }
    return read(json, type);
  }

  /** The class that a record configures; empty if the class itself is an option of the record. */
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

  /** All keys of this configuration except {@value #CLASS}. */
  private static Set<String> keys(Class<? extends Record> type) {
    var keys = new LinkedHashSet<String>();
    ConfigOption.all(type).forEach(option -> keys.addAll(option.keys()));
    keys.remove(CLASS);
    return keys;
  }

  private static boolean isFixedByClass(String name, Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> component.getAnnotation(OptionGroup.class))
        .filter(Objects::nonNull)
        .anyMatch(
            group ->
                Arrays.stream(group.fixedByClass())
                    .anyMatch(key -> name.equals(group.prefix() + key)));
  }

  private static ConfigException fixedByClass(String name) {
    return new ConfigException(
        "option '%s' cannot be set: the class fixes its value".formatted(name));
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
          "options '%s' and '%s' are aliases; set only one of them"
              .formatted(given.get(0), given.get(1)));
    }
    return given.isEmpty()
        ? option.valueIfAbsent()
        : option.type().convert(given.get(0), Objects.requireNonNull(json.get(given.get(0))));
  }
}
