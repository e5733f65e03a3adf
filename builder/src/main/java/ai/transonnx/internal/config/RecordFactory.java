package ai.transonnx.internal.config;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.OptionGroup;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Creates configuration records, including nested groups, from the values of their options. */
public final class RecordFactory {
  /** The source of the options' values. */
  public interface ValueSource {
    /**
     * The value of an option, or its default if it is not set.
     *
     * @throws ConfigException if the option is required but not set, or has the wrong type
     */
    @Nullable Object of(ConfigOption option);
  }

  private RecordFactory() {}

  /**
   * Creates a record.
   *
   * @throws ConfigException if a value is missing or the record rejects it
   */
  public static <T extends Record> T create(Class<T> type, ValueSource values) {
    return create(type, OptionPath.ROOT, values);
  }

  private static <T extends Record> T create(Class<T> type, OptionPath path, ValueSource values) {
    var arguments = new ArrayList<@Nullable Object>();
    for (var component : RecordComponents.of(type)) {
      var group = component.getAnnotation(OptionGroup.class);
      arguments.add(
          group == null
              ? values.of(ConfigOption.of(component, path))
              : create(component.getType().asSubclass(Record.class), path.group(group), values));
    }
    try {
      return construct(type, arguments);
    } catch (ConfigException e) {
      throw e.withPrefix(path.prefix(), keys(type));
    }
  }

  private static List<String> keys(Class<? extends Record> type) {
    return ConfigOption.all(type).stream().map(ConfigOption::key).collect(Collectors.toList());
  }

  private static <T extends Record> T construct(Class<T> type, List<@Nullable Object> arguments) {
    var types =
        RecordComponents.of(type).stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ConfigException invalid) {
        throw invalid;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
