package ai.transonnx.internal.config;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A keyword argument of a class, wherever among the groups of its configuration's record it stands.
 *
 * @param keys the key in JSON, then others that mean the same
 * @param component where a record has it
 */
public record ConfigOption(List<String> keys, RecordComponent component) {
  public ConfigOption {
    keys = List.copyOf(keys);
  }

  /** All options of a configuration, those of groups where the group stands. */
  public static List<ConfigOption> all(Class<? extends Record> type) {
    var all = new ArrayList<ConfigOption>();
    add(type, "", all);
    return all;
  }

  private static void add(Class<? extends Record> type, String prefix, List<ConfigOption> all) {
    for (var component : type.getRecordComponents()) {
      var group = component.getAnnotation(OptionGroup.class);
      if (group == null) {
        all.add(of(component, prefix));
      } else {
        add(component.getType().asSubclass(Record.class), prefix + group.prefix(), all);
      }
    }
  }

  /** The option of a component that is no group. */
  static ConfigOption of(RecordComponent component, String prefix) {
    var keys = new ArrayList<String>();
    keys.add(prefix + key(component));
    for (var alias : option(component).aliases()) {
      keys.add(prefix + alias);
    }
    return new ConfigOption(keys, component);
  }

  /** The key in JSON. */
  public String key() {
    return keys.get(0);
  }

  /** What its component says of it. */
  public Option option() {
    return option(component);
  }

  /** The type of its values. */
  public OptionType type() {
    return OptionType.of(component, option().defaultValue().equals("null"));
  }

  /** The library's default, as JSON; nothing if the option must be given. */
  public Optional<String> defaultValue() {
    return Optional.of(option().defaultValue()).filter(value -> !value.isEmpty());
  }

  /**
   * The value of the option where it is not given.
   *
   * @throws ConfigException if it must be
   */
  public @Nullable Object absent() {
    var value =
        defaultValue().orElseThrow(() -> new ConfigException("option '" + key() + "' is missing"));
    return type().convert(key(), Json.parse(value));
  }

  /** The component's name in snake case, unless its option says another key. */
  static String key(RecordComponent component) {
    String key = option(component).key();
    return key.isEmpty()
        ? component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
        : key;
  }

  private static Option option(RecordComponent component) {
    return Objects.requireNonNull(
        component.getAnnotation(Option.class), () -> component + " has no @Option");
  }
}
