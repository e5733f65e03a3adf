package ai.transonnx.config;

import ai.transonnx.Spelling;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

  private static final ObjectMapper MAPPER = new ObjectMapper();

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
      return convert(name, Objects.requireNonNull(json.get(name)), component.getGenericType());
    }
    String defaultValue = option(component).defaultValue();
    if (defaultValue.isEmpty()) {
      throw new ConfigException("option '" + key(component) + "' is missing");
    }
    return convert(key(component), parse(defaultValue), component.getGenericType());
  }

  private static JsonNode parse(String defaultValue) {
    try {
      return MAPPER.readTree(defaultValue);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + defaultValue, e);
    }
  }

  private static Object convert(String name, JsonNode value, Type type) {
    if (type instanceof ParameterizedType generic) {
      return convertGeneric(name, value, generic);
    }
    if ((type == int.class || type == Integer.class)
        && value.isIntegralNumber()
        && value.canConvertToInt()) {
      return value.intValue();
    }
    if (type == double.class && value.isNumber()) {
      return value.doubleValue();
    }
    if (type == boolean.class && value.isBoolean()) {
      return value.booleanValue();
    }
    if (type instanceof Class<?> named && named.isRecord() && value.isObject()) {
      return readNested(name, value, named.asSubclass(Record.class));
    }
    for (var constant : constants(type)) {
      if (value.isTextual() && value.textValue().equals(constant.toString())) {
        return constant;
      }
    }
    throw ConfigException.notAllowed(name, value, kind(type));
  }

  /** Something that may be null, or a list of somethings. */
  private static Object convertGeneric(String name, JsonNode value, ParameterizedType type) {
    var content = type.getActualTypeArguments()[0];
    if (type.getRawType() == Optional.class) {
      return value.isNull() ? Optional.empty() : Optional.of(convert(name, value, content));
    }
    if (!value.isArray()) {
      throw ConfigException.notAllowed(name, value, kind(type));
    }
    var elements = new ArrayList<Object>();
    for (var element : value) {
      elements.add(convert(name, element, content));
    }
    return List.copyOf(elements);
  }

  /** A record of the class that its name says, in front of {@code Config}. */
  private static Object readNested(String name, JsonNode value, Class<? extends Record> type) {
    var className = value.path(CLASS);
    String expected = className(type);
    if (!className.isTextual() || !className.textValue().equals(expected)) {
      throw ConfigException.notAllowed(
          name + "." + CLASS, className.isMissingNode() ? "missing" : className, expected);
    }
    return read(value, type);
  }

  private static String className(Class<?> type) {
    return type.getSimpleName().replaceFirst("Config$", "");
  }

  /** The constants of an enumeration, whose text is their name in Python; else nothing. */
  private static List<?> constants(Type type) {
    return type instanceof Class<?> named && named.isEnum()
        ? List.of(named.getEnumConstants())
        : List.of();
  }

  private static String kind(Type type) {
    if (type instanceof ParameterizedType) {
      return "a list";
    }
    if (type == int.class || type == Integer.class) {
      return "a whole number below 2^31";
    }
    if (type == double.class) {
      return "a number";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type instanceof Class<?> named && named.isRecord()) {
      return "an object with the class " + className(named);
    }
    if (!constants(type).isEmpty()) {
      return "one of "
          + constants(type).stream()
              .map(constant -> '"' + constant.toString() + '"')
              .collect(Collectors.joining(", "));
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
