package ai.transonnx.config;

import ai.transonnx.InputException;

/**
 * A configuration that no model can have; the message names the key, its value and what is allowed.
 */
public final class ConfigException extends InputException {
  public ConfigException(String message) {
    super(message);
  }

  /** A value that is not allowed. */
  public static ConfigException notAllowed(String key, Object value, String allowed) {
    return new ConfigException("'%s' is %s; it must be %s".formatted(key, value, allowed));
  }
}
