package ai.transonnx.cli;

/** What the command's exit says. */
final class ExitCode {
  static final int DONE = 0;

  /** A verification or a diagnosis failed. */
  static final int FAILED = 1;

  /** The user's input is wrong. */
  static final int INPUT = 2;

  /** A fault of ours. */
  static final int FAULT = 3;

  private ExitCode() {}
}
