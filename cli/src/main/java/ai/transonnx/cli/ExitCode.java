package ai.transonnx.cli;

/** The exit codes of the command line. */
final class ExitCode {
  static final int SUCCESS = 0;

  /** A verification or a diagnosis failed. */
  static final int FAILED = 1;

  /** The user's input is invalid, or the output cannot be written. */
  static final int INVALID_INPUT = 2;

  static final int INTERNAL_ERROR = 3;

  private ExitCode() {}
}
