package ai.transonnx.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.transonnx.InputException;
import ai.transonnx.export.ToolVersion;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PendingFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code transonnx generate-man}. */
@Command(
    name = ManCommand.NAME,
    description = {
      "Write a manual page of this program and of each command, for man: transonnx.1 and others.",
      "Write them to a folder man1 of MANPATH."
    },
    mixinStandardHelpOptions = true)
final class ManCommand implements Callable<Integer> {
  static final String NAME = "generate-man";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "The folder to write to; it is created if needed.")
  private Path folder = Path.of("");

  @SuppressWarnings("UnusedVariable") // the command has no notes
  @Mixin
  private QuietOption quiet = new QuietOption();

  @Override
  public Integer call() {
    try {
      Files.createDirectories(folder);
      try (var files = new PendingFiles()) {
        for (var command : commands()) {
          var page = new ManPage(command, Transonnx.NAME + " " + ToolVersion.current());
          files.create(folder.resolve(page.file())).write(page.text().getBytes(UTF_8));
        }
        files.commit();
      }
    } catch (IOException e) {
      throw new InputException(
          "%s: the pages cannot be written: %s"
              .formatted(folder, FileErrors.reason(e, "it cannot be created")),
          e);
    }
    return ExitCode.SUCCESS;
  }

  /** The program and its commands. */
  private List<CommandSpec> commands() {
    var commands = new ArrayList<>(List.of(spec.root()));
    spec.root().subcommands().values().stream()
        .map(subcommand -> subcommand.getCommandSpec())
        .filter(command -> !(command.userObject() instanceof HelpCommand))
        .forEach(commands::add);
    return commands;
  }
}
