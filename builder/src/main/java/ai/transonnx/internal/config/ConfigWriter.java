package ai.transonnx.internal.config;

import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes configuration records as JSON, including all defaults. {@link ConfigReader} reads the
 * result.
 */
public final class ConfigWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Availability available;

  private ConfigWriter(Availability available) {
    this.available = available;
  }

  /** Returns the configuration of a class as a JSON object. */
  public static ObjectNode write(String className, Record config) {
    return write(className, config, Availability.ALL);
  }

  /** Returns the configuration of a class as a JSON object, with the options that it has. */
  public static ObjectNode write(String className, Record config, Availability available) {
    var json = NODES.objectNode().put(ConfigReader.CLASS, className);
    new ConfigWriter(available).add(json, config, OptionPath.ROOT);
    return json;
  }

  private void add(ObjectNode json, Record config, OptionPath path) {
    for (var component : RecordComponents.of(config.getClass())) {
      var value = value(component, config);
      var group = component.getAnnotation(OptionGroup.class);
      if (group != null && value instanceof Record options) {
        add(json, options, path.group(group));
      } else if (component.getAnnotation(Option.class) == null) {
        json.set(path.prefix() + ConfigOption.key(component), node(value));
      } else {
        var option = ConfigOption.of(component, path);
        if (available.has(option.releases())) {
          json.set(option.keys(available).get(0), node(value));
        }
      }
    }
  }

  static @Nullable Object value(RecordComponent component, Record config) {
    try {
      return component.getAccessor().invoke(config);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "the configuration %s must be a public record in an exported package"
              .formatted(config.getClass().getName()),
          e);
    }
  }

  private JsonNode node(@Nullable Object value) {
    if (value == null) {
      return NODES.nullNode();
    } else if (value instanceof Optional<?> optional) {
      return node(optional.orElse(null));
    } else if (value instanceof Integer number) {
      return NODES.numberNode(number);
    } else if (value instanceof Double number) {
      return NODES.numberNode(number);
    } else if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    } else if (value instanceof String || value instanceof Enum) {
      return NODES.textNode(value.toString());
    } else if (value instanceof List<?> list) {
      var array = NODES.arrayNode();
      list.forEach(element -> array.add(node(element)));
      return array;
    } else if (value instanceof Map<?, ?> map) {
      var object = NODES.objectNode();
      map.forEach((name, element) -> object.set(name.toString(), node(element)));
      return object;
    } else if (value instanceof Record options) {
      var json = NODES.objectNode();
      ConfigReader.className(options.getClass())
          .ifPresent(name -> json.put(ConfigReader.CLASS, name));
      add(json, options, OptionPath.ROOT);
      return json;
    }
    throw new IllegalStateException("unsupported option type " + value.getClass());
  }
}
