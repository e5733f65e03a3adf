package ai.transonnx.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;

/**
 * Makes JSON of configuration records, all defaults written out: {@link ConfigReader} backwards.
 */
public final class ConfigWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ConfigWriter() {}

  /** The configuration of a class, as {@link ConfigReader} takes it. */
  public static ObjectNode write(String className, Record config) {
    var json = NODES.objectNode().put(ConfigReader.CLASS, className);
    for (var component : config.getClass().getRecordComponents()) {
      json.set(ConfigReader.key(component), value(component, config));
    }
    return json;
  }

  private static JsonNode value(RecordComponent component, Record config) {
    Object value;
    try {
      value = component.getAccessor().invoke(config);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    if (value instanceof Integer number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Double number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    throw new IllegalStateException("options cannot be of " + component.getType());
  }
}
