package ai.transonnx.internal.config;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.OptionGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks that a configuration sets no options that the library does not have. */
public final class AvailabilityCheck {
  private final Availability available;
  private final Map<String, @Nullable Object> values = new HashMap<>();

  private AvailabilityCheck(Availability available) {
    this.available = available;
  }

  /**
   * Checks a configuration.
   *
   * @throws ConfigException if an option that the library does not have differs from its default
   */
  public static void check(Record config, Availability available) {
    new AvailabilityCheck(available).check(config, OptionPath.ROOT);
  }

  private void check(Record config, OptionPath path) {
    for (var component : RecordComponents.of(config.getClass())) {
      var value = ConfigWriter.value(component, config);
      var group = component.getAnnotation(OptionGroup.class);
      if (group != null && value instanceof Record options) {
        check(options, path.group(group));
        continue;
      }
      var option = ConfigOption.of(component, path);
      values.put(option.key(), value);
      if (!available.has(option.releases()) && !Objects.equals(value, valueIfAbsent(option))) {
        throw OptionKeys.unavailable(option, option.key(), available);
      }
      if (value instanceof Record nested) {
        check(nested, available);
      }
    }
  }

  private @Nullable Object valueIfAbsent(ConfigOption option) {
    var otherwise = option.otherwise();
    return otherwise == null ? option.valueIfAbsent() : values.get(otherwise.key());
  }
}
