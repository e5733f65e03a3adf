package ai.transonnx.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code transonnx}. */
@Command(
    name = Transonnx.NAME,
    description = "Trained transformers to ONNX: export, verify, inspect, generate.",
    versionProvider = VersionOption.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Transonnx {
  static final String NAME = "transonnx";

  private static final Map<String, Function<String[], Callable<Integer>>> COMMANDS =
      new LinkedHashMap<>();

  static {
    COMMANDS.put("export", ExportCommand::new);
    COMMANDS.put("generate", args -> new GenerateCommand());
    COMMANDS.put("verify", args -> new VerifyCommand());
    COMMANDS.put("inspect", args -> new InspectCommand());
    COMMANDS.put("doctor", args -> new DoctorCommand());
    COMMANDS.put("demo", args -> new DemoCommand());
  }

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
        commandLine(args)
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

  /** Only the command that is called, since each costs time to describe; all of them for help. */
  private static CommandLine commandLine(String... args) {
    var called = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (called != null) {
      var command = called.apply(args);
      return new CommandLine(CommandSpec.create().name(NAME)).addSubcommand(args[0], command);
    }
    var commandLine = new CommandLine(new Transonnx());
    COMMANDS.forEach((name, command) -> commandLine.addSubcommand(name, command.apply(args)));
    return commandLine.addSubcommand(new HelpCommand());
  }

  private static int usage(CommandLine commandLine) {
    commandLine.usage(commandLine.getErr());
    return ExitCode.INPUT;
  }
}
