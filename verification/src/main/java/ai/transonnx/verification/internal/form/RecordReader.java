package ai.transonnx.verification.internal.form;

import ai.transonnx.InputException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON that {@link RecordWriter} writes. Every component must be present, none else may
 * be, and no value is converted from another type. Nesting is limited by that of the records. For
 * one thread.
 */
public final class RecordReader {
  private final JsonParser json;
  private final Set<String> nullable;
  private final FieldPath path = new FieldPath();

  /**
   * A reader of the parser's next value.
   *
   * @param json rejects duplicate keys
   * @param nullable the components that may be null, as {@code Record.component}
   */
  public RecordReader(JsonParser json, Set<String> nullable) {
    this.json = json;
    this.nullable = nullable;
  }

  /**
   * Reads the whole text as one record.
   *
   * @throws InputException if a value does not fit; the message names its field
   * @throws IOException if the text is not JSON
   */
  public <T extends Record> T read(Class<T> type) throws IOException {
    json.nextToken();
    var value = type.cast(value(type));
    if (json.nextToken() != null) {
      throw new InputException("unexpected text after the value");
    }
    return value;
  }

  /** Reads the value that begins with the current token. */
  private Object value(Type type) throws IOException {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      return generic.getRawType() == List.class ? list(arguments[0]) : map(arguments[1]);
    }
    var plain = (Class<?>) type;
    if (plain.isRecord()) {
      return record(plain);
    }
    if (plain.isEnum()) {
      return constant(plain);
    }
    if (plain == String.class) {
      expect(JsonToken.VALUE_STRING, "a text");
      return json.getText();
    }
    if (plain == int.class || plain == long.class || plain == Long.class) {
      return integer(plain);
    }
    if (plain == double.class || plain == Double.class) {
      return number();
    }
    throw new IllegalStateException(plain + " is no type of a report");
  }

  private Object record(Class<?> type) throws IOException {
    expect(JsonToken.START_OBJECT, "an object");
    var components = type.getRecordComponents();
    var values = new @Nullable Object[components.length];
    var given = new boolean[components.length];
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      path.enter(json.currentName());
      int index = index(components, json.currentName());
      if (index < 0) {
        throw path.error("this field is unknown");
      }
      json.nextToken();
      values[index] = component(type, components[index]);
      given[index] = true;
      path.leave();
    }
    for (int i = 0; i < components.length; i++) {
      if (!given[i]) {
        path.enter(components[i].getName());
        throw path.error("this field is missing");
      }
    }
    return create(type, components, values);
  }

  private @Nullable Object component(Class<?> type, RecordComponent component) throws IOException {
    boolean mayBeNull = nullable.contains(type.getSimpleName() + "." + component.getName());
    return mayBeNull && json.currentToken() == JsonToken.VALUE_NULL
        ? null
        : value(component.getGenericType());
  }

  private static int index(RecordComponent[] components, String name) {
    for (int i = 0; i < components.length; i++) {
      if (components[i].getName().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static Object create(
      Class<?> type, RecordComponent[] components, @Nullable Object[] values) {
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be created", e);
    }
  }

  private List<Object> list(Type element) throws IOException {
    expect(JsonToken.START_ARRAY, "a list");
    var values = new ArrayList<Object>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      path.enter(values.size());
      values.add(value(element));
      path.leave();
    }
    return Collections.unmodifiableList(values);
  }

  private Map<String, Object> map(Type element) throws IOException {
    expect(JsonToken.START_OBJECT, "an object");
    var values = new LinkedHashMap<String, Object>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var key = json.currentName();
      path.enter(key);
      json.nextToken();
      values.put(key, value(element));
      path.leave();
    }
    return values;
  }

  private Object constant(Class<?> type) throws IOException {
    expect(JsonToken.VALUE_STRING, "a text");
    var name = json.getText();
    for (var constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    var allowed =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> ((Enum<?>) constant).name())
            .collect(Collectors.joining(", "));
    throw path.error("the value is '%s'; allowed are %s".formatted(FieldPath.cut(name), allowed));
  }

  private Object integer(Class<?> type) throws IOException {
    expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
    var kind = json.getNumberType();
    if (kind == JsonParser.NumberType.INT) {
      return type == int.class ? (Object) json.getIntValue() : (Object) json.getLongValue();
    }
    if (type == int.class || kind != JsonParser.NumberType.LONG) {
      throw path.error("the number is too large");
    }
    return json.getLongValue();
  }

  private Object number() throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return switch (json.getText()) {
        case "Infinity" -> Double.POSITIVE_INFINITY;
        case "-Infinity" -> Double.NEGATIVE_INFINITY;
        case "NaN" -> Double.NaN;
        default ->
            throw path.error(
                "the value is '%s'; a number, \"Infinity\", \"-Infinity\" or \"NaN\" is needed"
                    .formatted(FieldPath.cut(json.getText())));
      };
    }
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      expect(JsonToken.VALUE_NUMBER_FLOAT, "a number");
    }
    return json.getDoubleValue();
  }

  private void expect(JsonToken token, String needed) {
    if (json.currentToken() != token) {
      throw path.error("%s is given; %s is needed".formatted(given(json.currentToken()), needed));
    }
  }

  private static String given(@Nullable JsonToken token) {
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a truth value";
      default -> "null";
    };
  }
}
