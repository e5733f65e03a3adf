package ai.transonnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.transonnx.runtime.internal.EnvironmentSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;

/**
 * Loads ONNX Runtime so that its {@link Telemetry} does not end the JVM. Unless that is off, 1.29
 * looks for the process's name in the command line, by a regular expression that takes 300 bytes of
 * stack for each character: a class path of some 3,500 is more than a usual thread has. And it asks
 * a shell for the machine's number where the system has none, and does not look whether there is a
 * shell.
 */
final class OrtBootstrap {
  private static final long STACK = 8L << 20;
  private static final long STACK_PER_CHARACTER = 1024;
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final Path MACHINE = Path.of("/etc/machine-id");
  private static final Path SHELL = Path.of("/bin/sh");

  private OrtBootstrap() {}

  /**
   * The environment. {@link NativeEnvironment} is being initialized meanwhile: the thread that
   * makes the environment must not touch that class, or each would wait for the other.
   *
   * @throws DeviceException if that would end the JVM
   */
  static OrtEnvironment run() {
    if (Telemetry.here() == Telemetry.OFF) {
      return environment();
    }
    long commandLine = length(COMMAND_LINE);
    boolean linux = commandLine > 0;
    if (linux) {
      checkMachine(MACHINE, SHELL);
    }
    long stack = STACK + STACK_PER_CHARACTER * commandLine;
    return CompletableFuture.supplyAsync(
            OrtBootstrap::environment,
            task -> new Thread(null, task, "onnxruntime-start", stack).start())
        .join();
  }

  /** Refuses a Linux system that has neither a number nor a shell. */
  static void checkMachine(Path machine, Path shell) {
    if (length(machine) == 0 && !Files.isExecutable(shell)) {
      throw new DeviceException(
          "ONNX Runtime would end this process: its telemetry needs %s or %s, and there is neither; set %s=%s before java starts"
              .formatted(machine, shell, Telemetry.VARIABLE, Telemetry.DISABLING),
          null);
    }
  }

  /** How many bytes a file has, also if the system makes it up; 0 if there is none. */
  private static long length(Path file) {
    try {
      return Files.readAllBytes(file).length;
    } catch (IOException | SecurityException e) {
      return 0;
    }
  }

  /** An environment that logs nothing, and tells nobody of models: errors are in exceptions. */
  private static OrtEnvironment environment() {
    var environment = made();
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
    return environment;
  }

  private static OrtEnvironment made() {
    var setups =
        ServiceLoader.load(EnvironmentSetup.class, EnvironmentSetup.class.getClassLoader());
    boolean made = false;
    for (var setup : setups) {
      setup.prepare();
      made = true;
    }
    return made
        ? OrtEnvironment.getEnvironment()
        : OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "transonnx");
  }
}
