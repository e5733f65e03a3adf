package ai.transonnx.config;

import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.internal.config.RecordFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Base class of the generated configuration builders: it collects the values set so far. Not
 * thread-safe; each builder belongs to one thread.
 *
 * @param <T> the configuration that {@link #build} returns
 */
public abstract class ConfigBuilder<T extends Record> {
  private final Class<T> type;
  private final Map<String, Object> values = new HashMap<>();

  protected ConfigBuilder(Class<T> type) {
    this.type = type;
  }

  /** Sets the option with this JSON key. */
  protected final void set(String key, Object value) {
    values.put(key, Objects.requireNonNull(value, key));
  }

  /**
   * Builds the configuration from the values set and the library's defaults.
   *
   * @throws ConfigException if an option without a default is not set, or if the library would
   *     reject the values
   */
  public final T build() {
    return RecordFactory.create(type, this::value);
  }

  private @Nullable Object value(ConfigOption option) {
    var value = values.get(option.key());
    if (value == null) {
      var otherwise = option.otherwise();
      return otherwise == null ? option.valueIfAbsent() : value(otherwise);
    }
    return option.type().optional() ? Optional.of(value) : value;
  }
}
