package ai.transonnx.config;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * An invalid configuration. The message names the option's key, its value and the allowed values.
 */
public final class ConfigException extends InputException {
  /** Messages quote keys. */
  private static final Pattern KEY = Pattern.compile("'([^'\\s]+)'");

  public ConfigException(String message) {
    super(message);
  }

  /**
   * An exception for a value that is not allowed, with the message "{@code 'key' is value; it must
   * be allowed}".
   */
  public static ConfigException notAllowed(String key, Object value, String allowed) {
    return new ConfigException(
        "'%s' is %s; it must be %s".formatted(key, Printable.of(value.toString()), allowed));
  }

  /** This exception with {@code prefix} prepended to each of these keys in the message. */
  public ConfigException withPrefix(String prefix, Collection<String> keys) {
    if (prefix.isEmpty()) {
      return this;
    }
    var message =
        KEY.matcher(getMessage())
            .replaceAll(
                match ->
                    "'" + (keys.contains(match.group(1)) ? prefix : "") + match.group(1) + "'");
    return new ConfigException(message);
  }
}
