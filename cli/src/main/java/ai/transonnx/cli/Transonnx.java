package ai.transonnx.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code transonnx}. */
@Command(
    name = "transonnx",
    description = "Trained transformers to ONNX: export, verify, inspect, generate.",
    subcommands = {
      ExportCommand.class,
      GenerateCommand.class,
      VerifyCommand.class,
      InspectCommand.class,
      DemoCommand.class,
      HelpCommand.class
    },
    versionProvider = VersionOption.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Transonnx {
  private Transonnx() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, args);
    System.exit(code);
  }

  /** Runs a command; see {@link ExitCode}. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    var commandLine =
        new CommandLine(new Transonnx())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(Failures::arguments)
            .setExecutionExceptionHandler(Failures::execution);
    int code = args.length == 0 ? usage(commandLine) : commandLine.execute(args);
    out.flush();
    err.flush();
    return code;
  }

  private static int usage(CommandLine commandLine) {
    commandLine.usage(commandLine.getErr());
    return ExitCode.INPUT;
  }
}
