package ai.transonnx.config;

import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.internal.config.RecordMaker;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the builders of configurations share: the values that are set so far. */
public abstract class ConfigBuilder<T extends Record> {
  private final Class<T> type;
  private final Map<String, Object> values = new HashMap<>();

  protected ConfigBuilder(Class<T> type) {
    this.type = type;
  }

  /** Sets an option, by its key in JSON. */
  protected final void set(String key, Object value) {
    values.put(key, Objects.requireNonNull(value, key));
  }

  /**
   * The configuration: what is set, and the library's defaults.
   *
   * @throws ConfigException if an option without a default is not set, or the library would refuse
   *     the values
   */
  public final T build() {
    return RecordMaker.make(type, this::value);
  }

  private @Nullable Object value(ConfigOption option) {
    var value = values.get(option.key());
    if (value == null) {
      return option.absent();
    }
    return option.type().optional() ? Optional.of(value) : value;
  }
}
