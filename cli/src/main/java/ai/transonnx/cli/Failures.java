package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.DeviceException;
import ai.transonnx.runtime.MemoryLimitException;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.RequestException;
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
    print(commandLine, firstLine(e) + "; " + advice);
    return ExitCode.INPUT;
  }

  static int execution(Exception e, CommandLine commandLine, ParseResult parsed) {
    if (e instanceof InputException
        || e instanceof RequestException
        || e instanceof ModelException
        || e instanceof MemoryLimitException
        || e instanceof DeviceException) {
      print(commandLine, String.valueOf(e.getMessage()));
      return ExitCode.INPUT;
    }
    if (e instanceof CancellationException) {
      print(commandLine, "interrupted; nothing was written");
      return ExitCode.INPUT;
    }
    print(commandLine, "a fault of transonnx, please report it: " + e);
    e.printStackTrace(commandLine.getErr());
    return ExitCode.FAULT;
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong arguments");
  }

  private static void print(CommandLine commandLine, String line) {
    commandLine.getErr().println("transonnx: " + line);
  }
}
