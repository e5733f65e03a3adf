package ai.transonnx.internal.config;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
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
   * @param available the options that the library has
   * @throws ConfigException if the object is not a valid {@code T}
   */
  public static <T extends Record> T read(JsonNode json, Class<T> type, Availability available) {
    var keys = new OptionKeys(type, available);
    for (var name : (Iterable<String>) json::fieldNames) {
      keys.check(name);
    }
    return RecordFactory.create(type, option -> value(json, option, available));
  }

  /** Reads a configuration of a library with one release. */
  public static <T extends Record> T read(JsonNode json, Class<T> type) {
    return read(json, type, Availability.ALL);
  }

  /**
   * Reads a configuration nested in another one. If the record configures exactly one class, the
   * key {@value #CLASS} may be omitted.
   *
   * @param parent the key of the configuration, which the keys in messages follow
   */
  static <T extends Record> T readNested(
      String parent, JsonNode json, Class<T> type, Availability available) {
    try {
      return readNested(json, type, available);
    } catch (ConfigException e) {
      var keys = new HashSet<>(Set.of(CLASS));
      for (var option : ConfigOption.all(type)) {
        keys.addAll(option.keys());
        keys.addAll(option.formerKeys());
      }
      json.fieldNames().forEachRemaining(keys::add);
      throw e.withPrefix(parent + ".", keys);
    }
  }

  private static <T extends Record> T readNested(
      JsonNode json, Class<T> type, Availability available) {
    var className = json.path(CLASS);
    var expected = className(type);
    if (expected.isPresent() && !className.asText(expected.get()).equals(expected.get())) {
      throw ConfigException.notAllowed(CLASS, className, expected.get());
    }
    return read(json, type, available);
  }

  /** The class that a record configures; empty if the class itself is an option of the record. */
  static Optional<String> className(Class<? extends Record> type) {
    boolean isOption =
        RecordComponents.of(type).stream()
            .anyMatch(
                component ->
                    component.getAnnotation(OptionGroup.class) == null
                        && ConfigOption.key(component).equals(CLASS));
    return isOption
        ? Optional.empty()
        : Optional.of(type.getSimpleName().replaceFirst("Config$", ""));
  }

  private static @Nullable Object value(
      JsonNode json, ConfigOption option, Availability available) {
    var given =
        available.has(option.releases())
            ? option.keys(available).stream().filter(json::has).sorted().toList()
            : List.<String>of();
    if (given.size() > 1) {
      throw new ConfigException(
          "options '%s' and '%s' are aliases; set only one of them"
              .formatted(given.get(0), given.get(1)));
    }
    if (given.isEmpty()) {
      var otherwise = option.otherwise();
      return otherwise == null ? option.valueIfAbsent() : value(json, otherwise, available);
    }
    var value = Objects.requireNonNull(json.get(given.get(0)));
    return option.type().convert(given.get(0), value, available);
  }
}
