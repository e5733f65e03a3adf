package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.JvmEnd;
import ai.transonnx.graph.Precision;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseReport;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The verification of golden cases: a line for each, and a summary. */
final class CaseVerification {
  @Option(
      names = "--rounded",
      description = {
        "With --cases: emulate float16 or bfloat16: compute in float32 and round the result of each"
            + " operator.",
        "Always used for bfloat16 on the CPU, which has no operators for that type."
      })
  private boolean emulated;

  int run(CommandSpec spec, Path cases, OperatorOptions operators, DeviceOptions device) {
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
