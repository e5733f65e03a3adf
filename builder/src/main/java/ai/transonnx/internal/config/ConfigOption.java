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
 * An option of a configuration, declared by its record or by one of its groups. Immutable.
 *
 * @param keys the JSON key, followed by its aliases
 * @param component the record component that declares the option
 * @param otherwise the option whose value this one has if it is not set; null for its own default
 * @param releases the releases of the library that have it
 */
public record ConfigOption(
    List<String> keys,
    RecordComponent component,
    @Nullable ConfigOption otherwise,
    ReleaseRange releases) {
  public ConfigOption {
    keys = List.copyOf(keys);
  }

  /** All options of a configuration in order of declaration, with groups flattened. */
  public static List<ConfigOption> all(Class<? extends Record> type) {
    var all = new ArrayList<ConfigOption>();
    add(type, OptionPath.ROOT, all);
    return all;
  }

  private static void add(Class<? extends Record> type, OptionPath path, List<ConfigOption> all) {
    for (var component : RecordComponents.of(type)) {
      var group = component.getAnnotation(OptionGroup.class);
      if (group == null) {
        all.add(of(component, path));
      } else {
        add(component.getType().asSubclass(Record.class), path.group(group), all);
      }
    }
  }

  /** The option declared by a component that is not a group. */
  static ConfigOption of(RecordComponent component, OptionPath path) {
    var option = option(component);
    var otherwise = path.otherwise();
    return new ConfigOption(
        keys(component, path.prefix()),
        component,
        otherwise == null ? null : of(component, otherwise),
        path.releases().within(option.since(), option.until()));
  }

  private static List<String> keys(RecordComponent component, String prefix) {
    var keys = new ArrayList<String>();
    keys.add(prefix + key(component));
    for (var alias : option(component).aliases()) {
      keys.add(prefix + alias);
    }
    return keys;
  }

  /** The keys at a release: that before the option was renamed, or the present ones. */
  public List<String> keys(Availability available) {
    var renamed = option().renamed();
    return renamed.isEmpty() || available.has(new ReleaseRange(renamed, "")) ? keys : formerKeys();
  }

  /** The key before the option was renamed; none if it never was. */
  List<String> formerKeys() {
    if (option().renamed().isEmpty()) {
      return List.of();
    }
    var prefix = key().substring(0, key().length() - key(component).length());
    return List.of(prefix + option().former());
  }

  /** The JSON key. */
  public String key() {
    return keys.get(0);
  }

  /** The component's annotation. */
  public Option option() {
    return option(component);
  }

  /** The type of the option's values. */
  public OptionType type() {
    return OptionType.of(component, option().defaultValue().equals("null"));
  }

  /** The library's default, as JSON; empty if the option is required. */
  public Optional<String> defaultValue() {
    return Optional.of(option().defaultValue()).filter(value -> !value.isEmpty());
  }

  /**
   * The value of the option if it is not set.
   *
   * @throws ConfigException if the option is required
   */
  public @Nullable Object valueIfAbsent() {
    var value =
        defaultValue().orElseThrow(() -> new ConfigException("option '" + key() + "' is missing"));
    return type().convert(key(), Json.parse(value), Availability.ALL);
  }

  /** The key that the annotation specifies, if any, or else the component's name in snake case. */
  static String key(RecordComponent component) {
    var option = component.getAnnotation(Option.class);
    return option == null || option.key().isEmpty()
        ? component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
        : option.key();
  }

  private static Option option(RecordComponent component) {
    return Objects.requireNonNull(
        component.getAnnotation(Option.class), () -> component + " has no @Option");
  }
}
