package ai.transonnx.internal.config;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.OptionGroup;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes configuration records of the values of their options, groups within groups. */
public final class RecordMaker {
  /** Where the values come from. */
  public interface Values {
    /**
     * The value of an option, given or by default.
     *
     * @throws ConfigException if there is none, or it is of another type
     */
    @Nullable Object of(ConfigOption option);
  }

  private RecordMaker() {}

  /**
   * Makes a record.
   *
   * @throws ConfigException if a value is missing, or the record refuses it
   */
  public static <T extends Record> T make(Class<T> type, Values values) {
    return make(type, "", values);
  }

  private static <T extends Record> T make(Class<T> type, String prefix, Values values) {
    var arguments = new ArrayList<@Nullable Object>();
    for (var component : type.getRecordComponents()) {
      var group = component.getAnnotation(OptionGroup.class);
      arguments.add(
          group == null
              ? values.of(ConfigOption.of(component, prefix))
              : make(
                  component.getType().asSubclass(Record.class), prefix + group.prefix(), values));
    }
    try {
      return construct(type, arguments);
    } catch (ConfigException e) {
      throw e.behind(prefix, keys(type));
    }
  }

  private static List<String> keys(Class<? extends Record> type) {
    return ConfigOption.all(type).stream().map(ConfigOption::key).collect(Collectors.toList());
  }

  private static <T extends Record> T construct(Class<T> type, List<@Nullable Object> arguments) {
    var types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ConfigException refused) {
        throw refused;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
