package ai.transonnx.config;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * A configuration that no model can have; the message names the key, its value and what is allowed.
 */
public final class ConfigException extends InputException {
  /** Messages have keys in quotation marks. */
  private static final Pattern KEY = Pattern.compile("'([a-z0-9_]+)'");

  public ConfigException(String message) {
    super(message);
  }

  /** A value that is not allowed. */
  public static ConfigException notAllowed(String key, Object value, String allowed) {
    return new ConfigException(
        "'%s' is %s; it must be %s".formatted(key, Printable.of(value.toString()), allowed));
  }

  /** The same for options that stand behind a prefix: each of these keys in the message gets it. */
  public ConfigException behind(String prefix, Collection<String> keys) {
    if (prefix.isEmpty()) {
      return this;
    }
    var message =
        KEY.matcher(String.valueOf(getMessage()))
            .replaceAll(
                match ->
                    "'" + (keys.contains(match.group(1)) ? prefix : "") + match.group(1) + "'");
    return new ConfigException(message);
  }
}
