package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.cli.StandardOutput.OutputException;
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

/** One clear line for what the user can mend, and all that is known of what they cannot. */
final class Failures {
  private Failures() {}

  static int arguments(ParameterException e, String[] args) {
    var commandLine = e.getCommandLine();
    String command = commandLine.getCommandSpec().qualifiedName();
    String advice = "see '" + command + " --help'";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      advice = "did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    print(commandLine.getErr(), firstLine(e) + "; " + advice);
    return ExitCode.INPUT;
  }

  static int execution(Exception e, CommandLine commandLine, ParseResult parsed) {
    return report(e, commandLine.getErr());
  }

  /**
   * Tells of a failure.
   *
   * @return the command's exit code
   */
  static int report(Throwable failure, PrintWriter err) {
    if (failure instanceof InputException
        || failure instanceof OutputException
        || failure instanceof RequestException
        || failure instanceof ModelException
        || failure instanceof RunException
        || failure instanceof MemoryLimitException
        || failure instanceof DeviceException) {
      print(err, String.valueOf(failure.getMessage()));
      return ExitCode.INPUT;
    }
    if (failure instanceof CancellationException) {
      print(err, "interrupted; nothing was written");
      return ExitCode.INPUT;
    }
    if (failure instanceof OutOfMemoryError) {
      print(
          err,
          "memory is short: %s; the heap may have %s MB, and -Xmx gives it more"
              .formatted(failure.getMessage(), Runtime.getRuntime().maxMemory() / 1_000_000));
      return ExitCode.INPUT;
    }
    print(err, "a fault of transonnx, please report it: " + failure);
    failure.printStackTrace(err);
    return ExitCode.FAULT;
  }

  /** Tells what the user should know of what goes on all the same. */
  static void note(CommandLine commandLine, String text) {
    print(commandLine.getErr(), "note: " + text);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong arguments");
  }

  private static void print(PrintWriter err, String line) {
    err.println("transonnx: " + Printable.line(line));
    err.flush();
  }
}
