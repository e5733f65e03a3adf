package ai.transonnx.internal.xtransformers;

import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.internal.config.Json;
import ai.transonnx.xtransformers.Release;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The options of a configuration of x-transformers at a release, by their present keys.
 *
 * <p>Immutable; threads may share it.
 */
public final class OptionNames {
  /** An option: its key at the release, and its default. */
  private record Entry(String key, JsonNode defaultValue) {}

  private final Map<String, Entry> entries = new HashMap<>();

  private OptionNames(Class<? extends Record> type, ReleaseOptions release) {
    for (var option : ConfigOption.all(type)) {
      if (release.has(option.releases())) {
        var value = Json.parse(option.defaultValue().orElse("null"));
        entries.put(option.key(), new Entry(option.keys(release).get(0), value));
      }
    }
  }

  /** The options that a release has. */
  public static OptionNames of(Class<? extends Record> type, Release release) {
    return new OptionNames(type, new ReleaseOptions(release));
  }

  /** Whether the release has an option. */
  public boolean has(String key) {
    return entries.containsKey(key);
  }

  /** The key of an option at the release. */
  public String key(String key) {
    return entry(key).key();
  }

  /** The default of an option; null if it is required. */
  public JsonNode defaultValue(String key) {
    return entry(key).defaultValue();
  }

  private Entry entry(String key) {
    return Objects.requireNonNull(entries.get(key), key);
  }
}
