package ai.transonnx.runtime;

import java.util.Locale;
import java.util.Set;

/**
 * The data that ONNX Runtime sends to Microsoft. Since 1.29, on Linux and macOS, it sends an event
 * for each process that loads it and for each model, with all of the model's metadata. This package
 * disables the events of models as soon as the library is loaded; only {@link #VARIABLE}, set
 * before the JVM starts, disables all. On Windows it sends none; it writes to the system's event
 * tracing.
 *
 * @see <a href="https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md">Privacy</a>
 */
public enum Telemetry {
  /** Nothing. */
  OFF,
  /** An event for each process that loads ONNX Runtime, with its machine; none for models. */
  PROCESSES;

  /** The environment variable that disables it. */
  public static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  /** The value of the variable that disables it. */
  public static final String DISABLING = "1";

  private static final Set<String> DISABLED = Set.of(DISABLING, "true", "yes", "on", "y");

  /** The telemetry of this process. */
  public static Telemetry here() {
    return of(System.getProperty("os.name", ""), System.getenv().getOrDefault(VARIABLE, ""));
  }

  /**
   * The telemetry of a process.
   *
   * @param system the operating system's name
   * @param variable the variable's value
   */
  static Telemetry of(String system, String variable) {
    boolean off = DISABLED.contains(variable.strip().toLowerCase(Locale.ROOT));
    return off || system.startsWith("Windows") ? OFF : PROCESSES;
  }
}
