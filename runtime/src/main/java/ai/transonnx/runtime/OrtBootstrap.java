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
 * Loads ONNX Runtime so that its {@link Telemetry} does not crash the JVM. Unless that is disabled,
 * 1.29 parses the command line with a regular expression that takes 300 bytes of stack for each
 * character, so a class path of 3,500 characters overflows the stack of an ordinary thread. Where
 * the system has no machine id, it runs a shell to create one, without checking that a shell
 * exists.
 */
final class OrtBootstrap {
  private static final long STACK = 8L << 20;
  private static final long STACK_PER_CHARACTER = 1024;
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final Path MACHINE = Path.of("/etc/machine-id");
  private static final Path SHELL = Path.of("/bin/sh");

  private OrtBootstrap() {}

  /**
   * Creates the environment. The thread that does so must not use {@link NativeEnvironment}, which
   * is being initialized, or the two would wait for each other.
   *
   * @throws DeviceException if that would crash the JVM
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

  /** Rejects a Linux system without a machine id and a shell. */
  static void checkMachine(Path machine, Path shell) {
    if (length(machine) == 0 && !Files.isExecutable(shell)) {
      throw new DeviceException(
          "ONNX Runtime would crash this process: its telemetry needs %s or %s, and both are missing; set %s=%s before java starts"
              .formatted(machine, shell, Telemetry.VARIABLE, Telemetry.DISABLING),
          null);
    }
  }

  /** The size of a file, which may be virtual, in bytes; 0 if it is missing. */
  private static long length(Path file) {
    try {
      return Files.readAllBytes(file).length;
    } catch (IOException | SecurityException e) {
      return 0;
    }
  }

  /**
   * An environment without logs, because errors are in exceptions, and without events of models.
   */
  private static OrtEnvironment environment() {
    NativeShutdown.install();
    var call = NativeShutdown.enter();
    try (call) {
      var environment = create();
      LibraryFolder.adopt();
      NativeInternals.keepEnvironment();
      environment.setTelemetry(false);
      return environment;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static OrtEnvironment create() {
    var setups =
        ServiceLoader.load(EnvironmentSetup.class, EnvironmentSetup.class.getClassLoader());
    boolean isPrepared = false;
    for (var setup : setups) {
      isPrepared |= setup.prepare();
    }
    return isPrepared
        ? OrtEnvironment.getEnvironment()
        : OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "transonnx");
  }
}
