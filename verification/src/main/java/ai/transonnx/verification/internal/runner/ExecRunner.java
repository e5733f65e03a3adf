package ai.transonnx.verification.internal.runner;

import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerOptions;

/** Runs a program of the user's. */
final class ExecRunner {
  private ExecRunner() {}

  static ModelRunner open(RunnerName name, RunnerOptions options) {
    var command = CommandLine.words(name.target());
    return ProcessRunner.start(name, options, folder -> Launch.of(command));
  }
}
