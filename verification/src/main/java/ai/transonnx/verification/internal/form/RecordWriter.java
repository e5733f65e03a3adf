package ai.transonnx.verification.internal.form;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as JSON objects whose keys are the names of the components. Numbers without a
 * finite value are the strings {@code "Infinity"}, {@code "-Infinity"} and {@code "NaN"}. Has no
 * state, so threads may share it.
 */
public final class RecordWriter {
  private RecordWriter() {}

  /** Writes a record of texts, numbers, enums, lists, maps and other records. */
  public static void write(Record value, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (var component : value.getClass().getRecordComponents()) {
      json.writeFieldName(component.getName());
      writeValue(read(component, value), json);
    }
    json.writeEndObject();
  }

  private static void writeValue(@Nullable Object value, JsonGenerator json) throws IOException {
    if (value instanceof Record nested) {
      write(nested, json);
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (var element : list) {
        writeValue(element, json);
      }
      json.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (var entry : map.entrySet()) {
        json.writeFieldName((String) entry.getKey());
        writeValue(entry.getValue(), json);
      }
      json.writeEndObject();
    } else if (value instanceof Double number) {
      writeNumber(number, json);
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Enum<?> constant) {
      json.writeString(constant.name());
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeString((String) value);
    }
  }

  private static void writeNumber(double number, JsonGenerator json) throws IOException {
    if (Double.isFinite(number)) {
      json.writeNumber(number);
    } else {
      json.writeString(Double.toString(number));
    }
  }

  private static @Nullable Object read(RecordComponent component, Record value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }
}
