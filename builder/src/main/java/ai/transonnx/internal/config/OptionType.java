package ai.transonnx.internal.config;

import ai.transonnx.config.ConfigException;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The type of an option, which determines how a JSON value is converted. Immutable.
 *
 * @param type int, double, boolean, their boxes, an enumeration, a record of options, a list, or a
 *     map from texts
 * @param element the type of a list's elements or of a map's values; null for other types
 * @param nullable whether null is allowed
 * @param optional whether the value is an {@link Optional}, which null makes empty
 */
public record OptionType(
    Class<?> type, @Nullable Class<?> element, boolean nullable, boolean optional) {
  static OptionType of(RecordComponent component, boolean nullable) {
    var declared = component.getGenericType();
    if (declared instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
      return of(generic.getActualTypeArguments()[0], true, true);
    }
    return of(declared, nullable, false);
  }

  private static OptionType of(Type declared, boolean nullable, boolean optional) {
    if (!(declared instanceof ParameterizedType generic)) {
      return new OptionType((Class<?>) declared, null, nullable, optional);
    }
    var arguments = generic.getActualTypeArguments();
    return new OptionType(
        (Class<?>) generic.getRawType(),
        (Class<?>) arguments[arguments.length - 1],
        nullable,
        optional);
  }

  /**
   * Converts a JSON value.
   *
   * @throws ConfigException if it has the wrong type
   */
  @Nullable Object convert(String key, JsonNode json, Availability available) {
    if (nullable && json.isNull()) {
      return optional ? Optional.empty() : null;
    }
    var value =
        element == null
            ? single(key, json, type, available)
            : isMap() ? map(key, json, element) : list(key, json, element);
    if (value == null) {
      throw ConfigException.notAllowed(key, json, expectation());
    }
    return optional ? Optional.of(value) : value;
  }

  private boolean isMap() {
    return type == Map.class;
  }

  private static @Nullable Object map(String key, JsonNode json, Class<?> element) {
    var values = new LinkedHashMap<String, Object>();
    for (var entry : json.properties()) {
      var value = single(key, entry.getValue(), element, Availability.ALL);
      if (value == null) {
        return null;
      }
      values.put(entry.getKey(), value);
    }
    return json.isObject() ? Collections.unmodifiableMap(values) : null;
  }

  private @Nullable Object list(String key, JsonNode json, Class<?> element) {
    boolean isSingle = acceptsSingle(element) && !json.isArray();
    var values = new ArrayList<Object>();
    for (var item : isSingle ? List.of(json) : json) {
      var value = single(key, item, element, Availability.ALL);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return json.isArray() || isSingle ? List.copyOf(values) : null;
  }

  /** Whether a single value may replace a list; not if the list itself is optional. */
  private boolean acceptsSingle(Class<?> element) {
    return element != String.class && !optional;
  }

  private static @Nullable Object single(
      String key, JsonNode json, Class<?> type, Availability available) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> json.isTextual() && constant.toString().equals(json.textValue()))
          .findAny()
          .orElse(null);
    }
    if (type.isRecord()) {
      return json.isObject()
          ? ConfigReader.readNested(key, json, type.asSubclass(Record.class), available)
          : null;
    }
    return Scalar.of(type).value(json);
  }

  /** The type as the table of options shows it: {@code int}, {@code float list, null}. */
  public String notation() {
    var notation =
        element == null
            ? notation(type)
            : isMap() ? "object of " + notation(element) : notation(element) + " list";
    return nullable ? notation + ", null" : notation;
  }

  private static String notation(Class<?> type) {
    if (type.isEnum()) {
      return names(type);
    }
    return type.isRecord()
        ? ConfigReader.className(type.asSubclass(Record.class)).orElse("object")
        : Scalar.of(type).notation;
  }

  private String expectation() {
    var expectation =
        element == null
            ? expectation(type)
            : isMap()
                ? "an object whose values are each " + expectation(element)
                : "a list whose elements are each "
                    + expectation(element)
                    + (acceptsSingle(element) ? ", or a single value for all" : "");
    return nullable ? expectation + ", or null" : expectation;
  }

  private static String expectation(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + names(type);
    }
    return type.isRecord()
        ? ConfigReader.className(type.asSubclass(Record.class))
            .map(name -> "an object with the class " + name)
            .orElse("an object with a 'class' key")
        : Scalar.of(type).expectation;
  }

  private static String names(Class<?> enumeration) {
    return Arrays.stream(enumeration.getEnumConstants())
        .map(Object::toString)
        .collect(Collectors.joining(", "));
  }

  /** The types that JSON has natively. */
  private enum Scalar {
    INT("int", "a whole number below 2^31", int.class, Integer.class) {
      @Override
      @Nullable Object value(JsonNode json) {
        // A size of 16.0 is an error in Python, but some integer options of the libraries default
        // to 0.0.
        boolean isWhole = json.isIntegralNumber() || (json.isNumber() && json.doubleValue() == 0);
        return isWhole && json.canConvertToInt() ? json.intValue() : null;
      }
    },
    FLOAT("float", "a number", double.class, Double.class) {
      @Override
      @Nullable Object value(JsonNode json) {
        return json.isNumber() ? json.doubleValue() : null;
      }
    },
    BOOL("bool", "true or false", boolean.class, Boolean.class) {
      @Override
      @Nullable Object value(JsonNode json) {
        return json.isBoolean() ? json.booleanValue() : null;
      }
    },
    TEXT("text", "a text", String.class, String.class) {
      @Override
      @Nullable Object value(JsonNode json) {
        return json.isTextual() ? json.textValue() : null;
      }
    };

    private final String notation;
    private final String expectation;
    private final Class<?> plain;
    private final Class<?> boxed;

    Scalar(String notation, String expectation, Class<?> plain, Class<?> boxed) {
      this.notation = notation;
      this.expectation = expectation;
      this.plain = plain;
      this.boxed = boxed;
    }

    static Scalar of(Class<?> type) {
      return Arrays.stream(values())
          .filter(scalar -> type == scalar.plain || type == scalar.boxed)
          .findAny()
          .orElseThrow(() -> new IllegalStateException("unsupported option type " + type));
    }

    /** Converts a JSON value; null if it has the wrong type. */
    abstract @Nullable Object value(JsonNode json);
  }
}
