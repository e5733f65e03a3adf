package ai.transonnx.verification.internal.structure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Limits for the numbers in a configuration from a file's metadata: a graph grows with them, and a
 * file of a kilobyte can have any.
 */
final class ConfigLimits {
  /** Sizes of vectors and vocabularies, and numbers of positions. */
  private static final Pattern SIZE =
      Pattern.compile(".*(dim|token|len|dist|size|past|window|width|hidden|max|kv|base|theta).*");

  private static final long LARGEST_SIZE = 1 << 22;

  /** Numbers of layers, heads and other parts. */
  private static final long MOST_PARTS = 1 << 12;

  private ConfigLimits() {}

  /**
   * Checks a configuration.
   *
   * @throws NoTwinException if a number is too large
   */
  static void check(JsonNode config) {
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      check(entry.getKey(), entry.getValue());
    }
  }

  private static void check(String key, JsonNode value) {
    long limit = SIZE.matcher(key).matches() ? LARGEST_SIZE : MOST_PARTS;
    if (value.isIntegralNumber() && Math.abs(value.doubleValue()) > limit) {
      throw new NoTwinException(
          "the configuration in its metadata has '%s': %s; up to %s is supported here"
              .formatted(key, value, limit));
    } else if (value.isObject()) {
      check(value);
    } else if (value.isArray()) {
      value.forEach(element -> check(key, element));
    }
  }
}
