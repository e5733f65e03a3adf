package ai.transonnx.verification;

import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.Runners;
import java.util.function.Supplier;

/**
 * A runtime that a verification is to use.
 *
 * @param name the name in reports
 * @param opener opens it; throws what {@link Runners#open} throws
 * @param isOwned whether the verification closes it
 */
record RunnerRequest(String name, Supplier<ModelRunner> opener, boolean isOwned) {
  static RunnerRequest named(String name) {
    return new RunnerRequest(name, () -> Runners.open(name), true);
  }

  static RunnerRequest opened(ModelRunner runner) {
    return new RunnerRequest(runner.name(), () -> runner, false);
  }
}
