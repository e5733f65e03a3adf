package ai.transonnx.verification.internal.runner;

import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.Runners;
import org.opentest4j.TestAbortedException;

/** Runtimes that this machine may lack; without them, a test is reported as skipped. */
public final class Installed {
  private Installed() {}

  /** Opens a runtime. */
  public static ModelRunner open(String name) {
    try {
      return Runners.open(name);
    } catch (MissingRunnerException e) {
      throw new TestAbortedException(e.getMessage() + "; install with: " + e.install(), e);
    }
  }
}
