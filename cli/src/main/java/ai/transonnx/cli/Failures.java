package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.cli.StandardOutput.OutputException;
import ai.transonnx.format.internal.JvmEnd;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.runtime.DeviceException;
import ai.transonnx.runtime.MemoryLimitException;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.RunException;
import java.io.PrintWriter;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports failures: one line for those that users can solve, a stack trace for internal errors. */
final class Failures {
  /** Picocli's beginning of a message about groups of options. */
  private static final String PREFIX = "Error: ";

  private Failures() {}

  static int arguments(ParameterException e, String[] args) {
    var commandLine = e.getCommandLine();
    String command = commandLine.getCommandSpec().qualifiedName();
    String advice = "see '" + command + " --help'";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      advice = "did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    print(commandLine.getErr(), cause(e) + "; " + advice);
    return ExitCode.INVALID_INPUT;
  }

  static int execution(Exception e, CommandLine commandLine, ParseResult parsed) {
    return report(e, commandLine.getErr());
  }

  /**
   * Reports a failure, except while the JVM is ending: the failure is then that files and libraries
   * have been removed.
   *
   * @return the exit code of the command
   */
  static int report(Throwable failure, PrintWriter err) {
    if (failure instanceof CancellationException) {
      print(err, "interrupted; nothing was written");
      return ExitCode.INVALID_INPUT;
    }
    if (JvmEnd.hasBegun()) {
      return ExitCode.INTERNAL_ERROR;
    }
    if (failure instanceof InputException
        || failure instanceof OutputException
        || failure instanceof RequestException
        || failure instanceof ModelException
        || failure instanceof RunException
        || failure instanceof MemoryLimitException
        || failure instanceof DeviceException) {
      print(err, String.valueOf(failure.getMessage()));
      return ExitCode.INVALID_INPUT;
    }
    if (failure instanceof OutOfMemoryError) {
      print(
          err,
          "not enough memory: %s; the heap is limited to %s MB, which -Xmx raises"
              .formatted(failure.getMessage(), Runtime.getRuntime().maxMemory() / 1_000_000));
      return ExitCode.INVALID_INPUT;
    }
    print(err, "internal error, please report it: " + failure);
    failure.printStackTrace(err);
    return ExitCode.INTERNAL_ERROR;
  }

  /** Prints a note about a command that continues. */
  static void note(CommandLine commandLine, String text) {
    print(commandLine.getErr(), "note: " + text);
  }

  private static String cause(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String first = unmatched.getUnmatched().get(0);
      boolean isCommand = e.getCommandLine().getParent() == null;
      return (unmatched.isUnknownOption()
              ? "no option '"
              : isCommand ? "no command '" : "unexpected '")
          + first
          + "'";
    }
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("invalid arguments");
    return message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message;
  }

  /** Prints one line. */
  static void print(PrintWriter err, String line) {
    err.println("transonnx: " + Printable.message(line));
    err.flush();
  }
}
