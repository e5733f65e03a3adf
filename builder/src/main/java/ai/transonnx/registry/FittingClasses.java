package ai.transonnx.registry;

import ai.transonnx.internal.config.ConfigOption;
import ai.transonnx.internal.config.ConfigReader;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The classes that may have a configuration, by its keys alone. */
final class FittingClasses {
  private FittingClasses() {}

  /**
   * The names of the classes that have all keys of a configuration, and require no other.
   *
   * @param config a JSON object; if it names a class, no other class fits
   */
  static List<String> of(JsonNode config, Map<String, Class<? extends Record>> classes) {
    var named = config.path(ConfigReader.CLASS);
    return classes.entrySet().stream()
        .filter(entry -> named.isMissingNode() || named.asText().equals(entry.getKey()))
        .filter(entry -> fits(config, entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean fits(JsonNode config, Class<? extends Record> type) {
    var unknown = new HashSet<String>();
    config.fieldNames().forEachRemaining(unknown::add);
    unknown.remove(ConfigReader.CLASS);
    boolean isComplete = !unknown.isEmpty();
    for (var option : ConfigOption.all(type)) {
      boolean isSet = unknown.removeAll(option.keys());
      isSet |= unknown.remove(option.option().former());
      boolean isRequired = option.defaultValue().isEmpty() && !option.key().equals("class");
      isComplete &= isSet || !isRequired;
    }
    return isComplete && unknown.isEmpty();
  }
}
