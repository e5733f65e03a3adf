package ai.transonnx.verification.runner;

/** A runtime is not installed on this machine. */
public final class MissingRunnerException extends RunnerException {
  private static final long serialVersionUID = 1;

  private final String install;

  /**
   * A missing runtime.
   *
   * @param message the missing program, and where it was searched
   * @param install the command that installs it
   */
  public MissingRunnerException(String message, String install) {
    super(message);
    this.install = install;
  }

  /** The command that installs the runtime, such as {@code npm install onnxruntime-node}. */
  public String install() {
    return install;
  }
}
