package ai.transonnx.verification.internal.runner;

import ai.transonnx.verification.runner.MissingRunnerException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * How a runner's process is started. Immutable, so threads may share it.
 *
 * @param command the program and its arguments
 * @param environment the variables that are set besides those of this process
 */
public record Launch(List<String> command, Map<String, String> environment) {
  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** A command in the environment of this process. */
  public static Launch of(List<String> command) {
    return new Launch(command, Map.of());
  }

  /** Prepares the start of a process. */
  @FunctionalInterface
  public interface Preparation {
    /**
     * Finds the program, and unpacks its files.
     *
     * @throws MissingRunnerException if it is not installed
     */
    Launch in(RunnerFolder folder) throws IOException;
  }
}
