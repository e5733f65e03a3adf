package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.JvmEnd;
import ai.transonnx.graph.Precision;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseReport;
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
    description =
        "Export and run every golden case in a folder, and compare with its recorded outputs.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--cases",
      required = true,
      paramLabel = "DIR",
      description = "A folder that has case folders, at any depth.")
  private Path cases = Path.of("");

  @Mixin private OperatorOptions operators = new OperatorOptions();

  @Option(
      names = "--rounded",
      description = {
        "Emulate float16 or bfloat16: compute in float32 and round the result of each operator.",
        "Always used for bfloat16 on the CPU, which has no operators for that type."
      })
  private boolean emulated;

  @Mixin private DeviceOptions device = new DeviceOptions();

  @Mixin private TimeoutOption timeout = new TimeoutOption();

  @Override
  public Integer call() {
    return timeout.limit(spec, this::execute);
  }

  private int execute() {
    var out = spec.commandLine().getOut();
    var options = device.modelOptions();
    var emit = operators.emitOptions();
    var dtype = emit.precision();
    if (emulated && !dtype.isHalf()) {
      throw new InputException("--rounded is for --dtype float16 or bfloat16");
    }
    boolean isEmulated =
        emulated || (dtype == Precision.BFLOAT16 && options.device() instanceof Device.Cpu);
    var folders = CaseFolder.below(cases);
    int failed = 0;
    int checks = 0;
    int undecided = 0;
    try (var progress = ProgressLine.of("verify")) {
      for (int i = 0; i < folders.size(); i++) {
        var folder = folders.get(i);
        var report =
            isEmulated
                ? CaseReport.ofEmulated(folder, options, emit)
                : CaseReport.of(folder, options, emit);
        if (JvmEnd.hasBegun()) {
          return ExitCode.FAILED; // It may have failed because its files have been removed.
        }
        out.println(report);
        out.flush();
        failed += report.agrees() ? 0 : 1;
        checks += report.checks();
        undecided += report.undecided();
        progress.update(i + 1, folders.size());
      }
    }
    out.println(
        "%s of %s cases agree, in %s checks%s"
            .formatted(
                folders.size() - failed,
                folders.size(),
                checks,
                undecided == 0 ? "" : ", of which %s are undecided".formatted(undecided)));
    return failed == 0 ? ExitCode.SUCCESS : ExitCode.FAILED;
  }
}
