package ai.transonnx.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The version of this program, as its build recorded it.
 *
 * <p>Its methods are thread-safe.
 */
public final class ToolVersion {
  private static final String RESOURCE = "tool.properties";

  private ToolVersion() {}

  /** For example {@code 1.2.0}. */
  public static String current() {
    var properties = new Properties();
    try (var stream = ToolVersion.class.getResourceAsStream(RESOURCE)) {
      properties.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
