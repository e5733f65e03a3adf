package ai.transonnx.runtime;

import java.util.Locale;
import java.util.Set;

/**
 * What ONNX Runtime tells Microsoft. On Linux and macOS, from 1.29 on, it sends messages of each
 * process that loads it and of each model, with all of the model's metadata. This package turns off
 * those of models as soon as the library is loaded; only {@link #VARIABLE}, which must be set
 * before the JVM starts, turns off all. On Windows there are none, but for the system's own traces.
 *
 * @see <a href="https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md">Privacy</a>
 */
public enum Telemetry {
  /** Nothing. */
  OFF,
  /** That a process has loaded it, and on which machine; nothing of models. */
  PROCESSES;

  /** The environment variable that turns it off. */
  public static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  /** What the variable must be. */
  public static final String DISABLING = "1";

  private static final Set<String> DISABLED = Set.of(DISABLING, "true", "yes", "on", "y");

  /** What it tells of this process. */
  public static Telemetry here() {
    return of(System.getProperty("os.name", ""), System.getenv().getOrDefault(VARIABLE, ""));
  }

  /**
   * What it tells of a process.
   *
   * @param system the operating system's name
   * @param variable the variable's value
   */
  static Telemetry of(String system, String variable) {
    boolean off = DISABLED.contains(variable.strip().toLowerCase(Locale.ROOT));
    return off || system.startsWith("Windows") ? OFF : PROCESSES;
  }
}
