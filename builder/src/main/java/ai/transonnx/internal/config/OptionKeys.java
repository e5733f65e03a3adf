package ai.transonnx.internal.config;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.Spelling;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The keys of a configuration that the library has, and those that it ignores. */
public final class OptionKeys {
  private final Class<? extends Record> type;
  private final Availability available;
  private final Map<String, ConfigOption> options = new HashMap<>();

  OptionKeys(Class<? extends Record> type, Availability available) {
    this.type = type;
    this.available = available;
    for (var option : ConfigOption.all(type)) {
      option.keys().forEach(key -> options.put(key, option));
      option.formerKeys().forEach(key -> options.put(key, option));
    }
    options.remove(ConfigReader.CLASS);
  }

  /**
   * The keys that the library ignores, because the class does not have them, such as {@code
   * attn_layers.use_abs_pos_emb}.
   *
   * @param json a valid configuration
   */
  public static List<String> ignored(
      JsonNode json, Class<? extends Record> type, Availability available) {
    var keys = new OptionKeys(type, available);
    var ignored = new ArrayList<String>();
    for (var name : (Iterable<String>) json::fieldNames) {
      var option = keys.options.get(name);
      if (keys.isIgnored(name)) {
        ignored.add(name);
      } else if (option != null && option.type().type().isRecord()) {
        var nested = option.type().type().asSubclass(Record.class);
        ignored(json.path(name), nested, available)
            .forEach(inner -> ignored.add(name + "." + inner));
      }
    }
    return List.copyOf(ignored);
  }

  private boolean isIgnored(String name) {
    return !name.equals(ConfigReader.CLASS) && !isKnown(name) && available.ignores(type, name);
  }

  private boolean isKnown(String name) {
    var option = options.get(name);
    return option != null
        && available.has(option.releases())
        && option.keys(available).contains(name);
  }

  /**
   * Checks a key.
   *
   * @throws ConfigException if the library refuses it, or if it resembles another key so much that
   *     it is a mistake
   */
  void check(String name) {
    if (name.equals(ConfigReader.CLASS) || isKnown(name)) {
      return;
    }
    if (isFixedByClass(name)) {
      throw new ConfigException(
          "option '%s' cannot be set: the class fixes its value".formatted(name));
    }
    var option = options.get(name);
    if (option != null && !available.ignores(type, name)) {
      throw available.has(option.releases())
          ? renamed(option, name)
          : unavailable(option, name, available);
    }
    if (option == null && !available.ignores(type, name)) {
      checkIsNotRefused(name);
    }
    var known = options.keySet().stream().filter(this::isKnown).sorted().toList();
    var nearest = Spelling.nearest(name, known);
    if (option == null && (nearest.isPresent() || !available.ignores(type, name))) {
      throw new ConfigException(
          "unknown option '%s'; %s"
              .formatted(
                  Printable.of(name),
                  nearest
                      .map(near -> "did you mean '" + near + "'?")
                      .orElse("the options are " + String.join(", ", known))));
    }
  }

  private void checkIsNotRefused(String name) {
    available
        .refusal(name)
        .ifPresent(
            reason -> {
              throw new ConfigException("option '%s' is not supported: %s".formatted(name, reason));
            });
  }

  private ConfigException renamed(ConfigOption option, String key) {
    return new ConfigException(
        "option '%s' is called '%s' in release %s of the library"
            .formatted(key, option.keys(available).get(0), available));
  }

  /** The error for an option that the library does not have at its release. */
  static ConfigException unavailable(ConfigOption option, String key, Availability available) {
    return new ConfigException(
        "option '%s' does not exist in release %s of the library; the releases that have it are those %s"
            .formatted(key, available, option.releases()));
  }

  private boolean isFixedByClass(String name) {
    return RecordComponents.of(type).stream()
        .map(component -> component.getAnnotation(OptionGroup.class))
        .filter(Objects::nonNull)
        .anyMatch(
            group ->
                Arrays.stream(group.fixedByClass())
                    .anyMatch(key -> name.equals(group.prefix() + key)));
  }
}
