package ai.transonnx.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The type of an option: how JSON becomes its value.
 *
 * @param type int, double, boolean, their boxes, an enumeration, a record of options, or a list
 * @param element what a list has
 * @param nullable whether null is a value
 * @param optional whether the value is wrapped, and null is its absence
 */
record OptionType(Class<?> type, @Nullable Class<?> element, boolean nullable, boolean optional) {
  static OptionType of(RecordComponent component, boolean nullable) {
    var declared = component.getGenericType();
    if (declared instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
      return of(generic.getActualTypeArguments()[0], true, true);
    }
    return of(declared, nullable, false);
  }

  private static OptionType of(Type declared, boolean nullable, boolean optional) {
    return declared instanceof ParameterizedType list
        ? new OptionType(
            List.class, (Class<?>) list.getActualTypeArguments()[0], nullable, optional)
        : new OptionType((Class<?>) declared, null, nullable, optional);
  }

  /**
   * The value that JSON means.
   *
   * @throws ConfigException if it is of another type
   */
  @Nullable Object convert(String key, JsonNode json) {
    if (nullable && json.isNull()) {
      return optional ? Optional.empty() : null;
    }
    var value = element == null ? single(json, type) : list(json, element);
    if (value == null) {
      throw ConfigException.notAllowed(key, json, kind());
    }
    return optional ? Optional.of(value) : value;
  }

  private @Nullable Object list(JsonNode json, Class<?> element) {
    boolean standsForAll = takesOneForAll(element) && !json.isArray();
    var values = new ArrayList<Object>();
    for (var item : standsForAll ? List.of(json) : json) {
      var value = single(item, element);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return json.isArray() || standsForAll ? List.copyOf(values) : null;
  }

  /** Whether a list may be given as one element; not if its absence already means something. */
  private boolean takesOneForAll(Class<?> of) {
    return of != String.class && !optional;
  }

  private static @Nullable Object single(JsonNode json, Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return json.isIntegralNumber() && json.canConvertToInt() ? json.intValue() : null;
    }
    if (type == double.class || type == Double.class) {
      return json.isNumber() ? json.doubleValue() : null;
    }
    if (type == boolean.class || type == Boolean.class) {
      return json.isBoolean() ? json.booleanValue() : null;
    }
    if (type == String.class) {
      return json.isTextual() ? json.textValue() : null;
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> json.isTextual() && constant.toString().equals(json.textValue()))
          .findAny()
          .orElse(null);
    }
    if (type.isRecord()) {
      return json.isObject() ? ConfigReader.readNested(json, type.asSubclass(Record.class)) : null;
    }
    throw new IllegalStateException("options cannot be of " + type);
  }

  private String kind() {
    var kind =
        element == null
            ? kind(type)
            : "a list, each " + kind(element) + (takesOneForAll(element) ? ", or one for all" : "");
    return nullable ? kind + ", or null" : kind;
  }

  private static String kind(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return "a whole number below 2^31";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(Object::toString)
              .collect(Collectors.joining(", "));
    }
    if (type.isRecord()) {
      return ConfigReader.className(type.asSubclass(Record.class))
          .map(name -> "an object with the class " + name)
          .orElse("an object with its class under 'class'");
    }
    return "a text";
  }
}
