package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.JvmEnd;
import ai.transonnx.graph.Precision;
import ai.transonnx.internal.config.Json;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /** How the results are reported. */
  record Reporting(JsonOption json, QuietOption quiet) {}

  int run(
      CommandSpec spec,
      Path cases,
      OperatorOptions operators,
      DeviceOptions device,
      Reporting reporting) {
    var out = spec.commandLine().getOut();
    var json = reporting.json;
    var options = device.modelOptions();
    var emit = operators.emitOptions();
    var dtype = emit.precision();
    if (emulated && !dtype.isHalf()) {
      throw new InputException("--rounded is for --dtype float16 or bfloat16");
    }
    boolean isEmulated =
        emulated || (dtype == Precision.BFLOAT16 && options.device() instanceof Device.Cpu);
    var folders = CaseFolder.below(cases);
    json.file().ifPresent(ReportFiles::check);
    var reports = new ArrayList<CaseReport>();
    try (var progress = reporting.quiet.progress("verify")) {
      for (int i = 0; i < folders.size(); i++) {
        var folder = folders.get(i);
        var report =
            isEmulated
                ? CaseReport.ofEmulated(folder, options, emit)
                : CaseReport.of(folder, options, emit);
        if (JvmEnd.hasBegun()) {
          return ExitCode.FAILED; // It may have failed because its files have been removed.
        }
        if (!json.isPrinted()) {
          out.println(report);
          out.flush();
        }
        reports.add(report);
        progress.update(i + 1, folders.size());
      }
    }
    json.write(spec, () -> Json.indented(CasesJson.of(reports)));
    if (!json.isPrinted()) {
      out.println(summary(reports));
    }
    boolean agrees = reports.stream().allMatch(CaseReport::agrees);
    return agrees ? ExitCode.SUCCESS : ExitCode.FAILED;
  }

  private static String summary(List<CaseReport> reports) {
    int undecided = reports.stream().mapToInt(CaseReport::undecided).sum();
    return "%s of %s cases agree, in %s checks%s"
        .formatted(
            reports.stream().filter(CaseReport::agrees).count(),
            reports.size(),
            reports.stream().mapToInt(CaseReport::checks).sum(),
            undecided == 0 ? "" : ", of which %s are undecided".formatted(undecided));
  }
}
