package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.cli.StandardOutput.OutputException;
import ai.transonnx.export.ToolVersion;
import ai.transonnx.runtime.NativeRuntime;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The command {@code transonnx}. */
@Command(
    name = Transonnx.NAME,
    description = "Export trained transformers and LLMs to ONNX, verify and run them.",
    versionProvider = Transonnx.Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Transonnx {
  static final String NAME = "transonnx";

  /** The output of {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        NAME + " " + ToolVersion.current(),
        "ONNX Runtime "
            + NativeRuntime.version().orElse("(cannot be loaded; see 'transonnx doctor')"),
        "Java %s, %s %s"
            .formatted(
                Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch"))
      };
    }
  }

  private static final Map<String, Supplier<Callable<Integer>>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put(ExportCommand.NAME, ExportCommand::new);
    COMMANDS.put("generate", GenerateCommand::new);
    COMMANDS.put("serve", ServeCommand::new);
    COMMANDS.put("package", PackageCommand::new);
    COMMANDS.put("verify", VerifyCommand::new);
    COMMANDS.put("quality", QualityCommand::new);
    COMMANDS.put("score", ScoreCommand::new);
    COMMANDS.put("inspect", InspectCommand::new);
    COMMANDS.put("doctor", DoctorCommand::new);
    COMMANDS.put("demo", DemoCommand::new);
  }

  private Transonnx() {}

  /** Runs a command and exits the JVM with its {@link ExitCode}. */
  public static void main(String[] args) {
    var stream = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    var out = new PrintWriter(stream, false, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, args);
    System.exit(code);
  }

  /** Runs a command; see {@link ExitCode}. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    try {
      ArgumentEncoding.ofLocale().check(args);
      int code = execute(commandLine(args).setOut(out).setErr(err), args);
      out.flush();
      return code;
    } catch (InputException | OutputException | Error e) {
      return Failures.report(e, err);
    } finally {
      err.flush();
    }
  }

  private static int execute(CommandLine commandLine, String... args) {
    commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setExecutionStrategy(Transonnx::runLast)
        .setParameterExceptionHandler(Failures::arguments)
        .setExecutionExceptionHandler(Failures::execution);
    return args.length == 0 ? usage(commandLine) : commandLine.execute(args);
  }

  /** Runs the last command; an error while printing help fails like an error of the command. */
  private static int runLast(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (OutputException e) {
      var commandLine = parsed.commandSpec().commandLine();
      throw new ExecutionException(commandLine, String.valueOf(e.getMessage()), e);
    }
  }

  /** Describes only the command that is called, to start fast; all commands for help. */
  static CommandLine commandLine(String... args) {
    var called = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (called != null) {
      var command =
          args[0].equals(ExportCommand.NAME)
              ? new ExportCommand(EarlyFingerprint.of(args))
              : called.get();
      return new CommandLine(CommandSpec.create().name(NAME)).addSubcommand(args[0], command);
    }
    var commandLine = new CommandLine(new Transonnx());
    COMMANDS.forEach((name, command) -> commandLine.addSubcommand(name, command.get()));
    return commandLine
        .addSubcommand(new ManCommand())
        .addSubcommand(new GenerateCompletion())
        .addSubcommand(new HelpCommand());
  }

  private static int usage(CommandLine commandLine) {
    commandLine.usage(commandLine.getErr());
    return ExitCode.INVALID_INPUT;
  }
}
