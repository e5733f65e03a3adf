package ai.transonnx.config;

import ai.transonnx.Spelling;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes configuration records of JSON objects.
 *
 * <p>Every component carries an {@link Option}. A key that no component has, a type that does not
 * fit, or a missing value is a {@link ConfigException}; ranges are checked by the record itself, so
 * that Java and JSON are held to the same.
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
    var components = type.getRecordComponents();
    var keys = keys(components);
    for (var name : (Iterable<String>) json::fieldNames) {
      if (!name.equals(CLASS) && !keys.containsKey(name)) {
        throw unknown(name, keys.keySet());
      }
    }
    var values = new ArrayList<Object>();
    for (var component : components) {
      values.add(value(json, component));
    }
    return construct(type, components, values);
  }

  private static Map<String, RecordComponent> keys(RecordComponent[] components) {
    var keys = new HashMap<String, RecordComponent>();
    for (var component : components) {
      keys.put(key(component), component);
      for (var alias : option(component).aliases()) {
        keys.put(alias, component);
      }
    }
    return keys;
  }

  private static ConfigException unknown(String name, Set<String> keys) {
    var nearest = Spelling.nearest(name, keys);
    var advice =
        nearest.isEmpty()
            ? "the options are " + String.join(", ", keys.stream().sorted().toList())
            : "did you mean '" + nearest.get() + "'?";
    return new ConfigException("unknown option '%s'; %s".formatted(name, advice));
  }

  private static Object value(JsonNode json, RecordComponent component) {
    var given = new ArrayList<String>();
    var names = new HashSet<>(List.of(option(component).aliases()));
    names.add(key(component));
    for (var name : names) {
      if (json.has(name)) {
        given.add(name);
      }
    }
    if (given.size() > 1) {
      throw new ConfigException(
          "options '%s' and '%s' are the same; give one".formatted(given.get(0), given.get(1)));
    }
    if (!given.isEmpty()) {
      String name = given.get(0);
      return convert(name, Objects.requireNonNull(json.get(name)), component.getType());
    }
    String defaultValue = option(component).defaultValue();
    if (defaultValue.isEmpty()) {
      throw new ConfigException("option '" + key(component) + "' is missing");
    }
    return convert(key(component), Json.parse(defaultValue), component.getType());
  }

  private static Object convert(String name, JsonNode value, Class<?> type) {
    if (type == int.class && value.isIntegralNumber() && value.canConvertToInt()) {
      return value.intValue();
    }
    if (type == double.class && value.isNumber()) {
      return value.doubleValue();
    }
    if (type == boolean.class && value.isBoolean()) {
      return value.booleanValue();
    }
    throw ConfigException.notAllowed(name, value, kind(type));
  }

  private static String kind(Class<?> type) {
    if (type == int.class) {
      return "a whole number below 2^31";
    }
    if (type == double.class) {
      return "a number";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    throw new IllegalStateException("options cannot be of " + type);
  }

  private static <T extends Record> T construct(
      Class<T> type, RecordComponent[] components, List<@Nullable Object> values) {
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
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

  /** The component's name in snake case. */
  static String key(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
  }
}
