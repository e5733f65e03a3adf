package ai.transonnx.cli;

import ai.transonnx.golden.CaseFolder;
import ai.transonnx.golden.CaseReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code transonnx verify}. */
@Command(
    name = "verify",
    description = "Export and run every case below a folder, and compare with what it recorded.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--cases",
      required = true,
      paramLabel = "DIR",
      description = "A folder of case folders, at any depth.")
  private Path cases = Path.of("");

  @Mixin private OperatorOptions operators = new OperatorOptions();

  @Mixin private DeviceOptions device = new DeviceOptions();

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    var options = device.modelOptions();
    var shape = operators.shape();
    var folders = CaseFolder.below(cases);
    int failed = 0;
    int checks = 0;
    try (var progress = ProgressLine.of("verify")) {
      for (int i = 0; i < folders.size(); i++) {
        var report = CaseReport.of(folders.get(i), options, shape);
        out.println(report);
        out.flush();
        failed += report.agrees() ? 0 : 1;
        checks += report.checks();
        progress.update(i + 1, folders.size());
      }
    }
    out.println(
        "%d of %d cases agree, in %d checks"
            .formatted(folders.size() - failed, folders.size(), checks));
    return failed == 0 ? ExitCode.DONE : ExitCode.DISAGREES;
  }
}
