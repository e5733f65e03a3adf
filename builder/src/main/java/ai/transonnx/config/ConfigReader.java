package ai.transonnx.config;

import ai.transonnx.Spelling;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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
        throw unknown(name, keys);
      }
    }
    return read(json, type, "");
  }

  /** Reads an option that is a configuration itself, of the class that its record is named for. */
  static <T extends Record> T readNested(JsonNode json, Class<T> type) {
    var className = json.path(CLASS);
    var expected = className(type);
    if (expected.isPresent() && !className.asText().equals(expected.get())) {
      throw ConfigException.notAllowed(
          CLASS, className.isMissingNode() ? "missing" : className, expected.get());
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
                        && key(component).equals(CLASS));
    return isOption
        ? Optional.empty()
        : Optional.of(type.getSimpleName().replaceFirst("Config$", ""));
  }

  /** All keys that a configuration of this type may have, besides {@value #CLASS}. */
  public static Set<String> keys(Class<? extends Record> type) {
    var keys = new LinkedHashSet<String>();
    addKeys(type, "", keys);
    keys.remove(CLASS);
    return keys;
  }

  private static void addKeys(Class<? extends Record> type, String prefix, Set<String> keys) {
    for (var component : type.getRecordComponents()) {
      var group = component.getAnnotation(OptionGroup.class);
      if (group != null) {
        addKeys(component.getType().asSubclass(Record.class), prefix + group.prefix(), keys);
      } else {
        names(component, prefix).forEach(keys::add);
      }
    }
  }

  private static <T extends Record> T read(JsonNode json, Class<T> type, String prefix) {
    var values = new ArrayList<@Nullable Object>();
    for (var component : type.getRecordComponents()) {
      var group = component.getAnnotation(OptionGroup.class);
      values.add(
          group != null
              ? read(json, component.getType().asSubclass(Record.class), prefix + group.prefix())
              : value(json, component, prefix));
    }
    return construct(type, values);
  }

  private static ConfigException unknown(String name, Set<String> keys) {
    var nearest = Spelling.nearest(name, keys);
    var advice =
        nearest.isEmpty()
            ? "the options are " + String.join(", ", keys.stream().sorted().toList())
            : "did you mean '" + nearest.get() + "'?";
    return new ConfigException("unknown option '%s'; %s".formatted(name, advice));
  }

  private static @Nullable Object value(JsonNode json, RecordComponent component, String prefix) {
    var names = names(component, prefix);
    var given = names.stream().filter(json::has).sorted().toList();
    if (given.size() > 1) {
      throw new ConfigException(
          "options '%s' and '%s' are the same; give one".formatted(given.get(0), given.get(1)));
    }
    String defaultValue = option(component).defaultValue();
    var type = OptionType.of(component, defaultValue.equals("null"));
    if (!given.isEmpty()) {
      return type.convert(given.get(0), Objects.requireNonNull(json.get(given.get(0))));
    }
    if (defaultValue.isEmpty()) {
      throw new ConfigException("option '" + names.get(0) + "' is missing");
    }
    return type.convert(names.get(0), Json.parse(defaultValue));
  }

  private static <T extends Record> T construct(Class<T> type, List<@Nullable Object> values) {
    var types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ConfigException refused) {
        throw refused;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Option option(RecordComponent component) {
    return Objects.requireNonNull(
        component.getAnnotation(Option.class), () -> component + " has no @Option");
  }

  /** The component's key, then those that mean the same. */
  private static List<String> names(RecordComponent component, String prefix) {
    var names = new ArrayList<String>();
    names.add(prefix + key(component));
    for (var alias : option(component).aliases()) {
      names.add(prefix + alias);
    }
    return names;
  }

  /** The component's name in snake case, unless its option says another key. */
  static String key(RecordComponent component) {
    String key = option(component).key();
    return key.isEmpty()
        ? component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
        : key;
  }
}
