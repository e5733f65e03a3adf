package ai.transonnx.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether a command prints notes and progress, both on standard error. */
final class QuietOption {
  @Option(
      names = "--quiet",
      description = "Print neither notes nor progress on standard error, only errors.")
  private boolean quiet;

  /** Whether neither is printed. */
  boolean isSet() {
    return quiet;
  }

  /** Prints a note about a command that continues. */
  void note(CommandSpec command, String text) {
    if (!quiet) {
      Failures.note(command.commandLine(), text);
    }
  }

  /** The progress of a task. */
  ProgressLine progress(String task) {
    return quiet ? ProgressLine.none() : ProgressLine.of(task);
  }
}
