package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.JvmEnd;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.internal.config.Json;
import ai.transonnx.verification.ModelVerification;
import ai.transonnx.verification.ProvenFile;
import ai.transonnx.verification.report.Baseline;
import ai.transonnx.verification.report.ReportJUnit;
import ai.transonnx.verification.report.ReportJson;
import ai.transonnx.verification.report.VerificationProof;
import ai.transonnx.verification.report.VerificationReport;
import ai.transonnx.verification.report.page.ReportPage;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The verification of a model file: a line for each runtime, and the first difference. */
final class FileVerification {
  @Option(
      names = "--on",
      paramLabel = "RUNTIME[,RUNTIME]",
      description =
          "The runtimes (default: cpu): cpu, cuda[:N] and other devices, ort-java:VERSION, djl,"
              + " python, onnx-reference, node, web-wasm, web-webgpu, exec:COMMAND. A level of"
              + " optimization (none, basic, extended, all) and threads=N may follow, as in"
              + " cpu:basic:threads=1; cpu:* means every level.")
  private String runtimes = "cpu";

  @Option(
      names = "--case",
      paramLabel = "DIR",
      description =
          "Take the inputs from a golden case, and compare with its recorded outputs as well"
              + " (default: made inputs).")
  private @Nullable Path caseFolder;

  @Option(
      names = "--inputs",
      paramLabel = "FILE",
      description =
          "Take the inputs from a file of tensors, safetensors or npz, by the names of the model's"
              + " inputs.")
  private @Nullable Path inputs;

  @Option(
      names = "--weights",
      paramLabel = "CHECKPOINT",
      description =
          "The weights that the file was exported from, so that they are compared as well (default:"
              + " those of --case; else only the structure is compared with the file's class).")
  private @Nullable Path weights;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The seed of made inputs and of random roundings (default: 0).")
  private long seed;

  @Option(
      names = "--require",
      description = "Fail if a runtime is not installed, instead of reporting that it is missing.")
  private boolean requiresRunners;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = MemorySize.class,
      description =
          "The memory that the search for the first wrong operator may take, such as 2G (default: a"
              + " quarter of the machine's, at most 1G).")
  private @Nullable Long memory;

  @Option(
      names = "--reproduce",
      paramLabel = "DIR",
      description =
          "Write the smallest part of the model that shows a failure into this new folder, with its"
              + " inputs and programs that run it.")
  private @Nullable Path reproductions;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description =
          "Write the report as a page: errors by call, runtime, layer and magnitude, and how to"
              + " reproduce them.")
  private @Nullable Path page;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write the report in JUnit's XML, which build servers read.")
  private @Nullable Path junit;

  @Option(
      names = "--baseline",
      paramLabel = "OLD.json",
      description = "Report what changed since an earlier report that --json has written.")
  private @Nullable Path baseline;

  @Option(
      names = "--proof",
      description =
          "Run nothing: say whether the proof beside the model, which export --verify has written,"
              + " still belongs to it.")
  private boolean readsProof;

  int run(CommandSpec spec, Path model, JsonOption json) {
    GivenModel.checkIsExported(model);
    if (readsProof) {
      return proof(spec, model, json);
    }
    Stream.concat(json.file().stream(), Stream.of(page, junit).filter(Objects::nonNull))
        .forEach(file -> ReportFiles.check(file, model));
    var compared = baseline == null ? null : ReportJson.read(baseline);
    var verification =
        ModelVerification.builder(model)
            .on(runtimes)
            .seed(seed)
            .command(ShellCommand.of(spec.root().commandLine().getParseResult().originalArgs()));
    if (caseFolder != null) {
      verification.caseFolder(caseFolder);
    }
    if (inputs != null) {
      verification.inputs(inputs);
    }
    if (weights != null) {
      verification.weights(weights);
    }
    if (memory != null) {
      verification.memory(memory);
    }
    if (reproductions != null) {
      verification.reproductions(reproductions);
    }
    if (requiresRunners) {
      verification.requireRunners();
    }
    var report = verification.build().run();
    if (JvmEnd.hasBegun()) {
      return ExitCode.FAILED;
    }
    var drift = compared == null ? null : Baseline.compare(compared, report);
    write(report, drift);
    json.write(spec, () -> ReportJson.text(report));
    var command = spec.commandLine();
    var people = json.isPrinted() ? command.getErr() : command.getOut();
    if (!json.isPrinted()) {
      people.println(report.summary());
    }
    if (drift != null) {
      drift.lines().stream().map(Printable::message).forEach(people::println);
    }
    return report.passed() ? ExitCode.SUCCESS : ExitCode.FAILED;
  }

  private static int proof(CommandSpec spec, Path model, JsonOption json) {
    var proven =
        ProvenFile.read(model)
            .orElseThrow(
                () ->
                    new InputException(
                        "%s: there is no proof %s; export the model with --verify"
                            .formatted(model, VerificationProof.beside(model))));
    json.write(spec, () -> Json.indented(ProofJson.of(proven)));
    if (!json.isPrinted()) {
      var text = new ProofText(proven);
      var out = spec.commandLine().getOut();
      text.lines().forEach(out::println);
      out.println(text.verdict());
    }
    return proven.belongs() ? ExitCode.SUCCESS : ExitCode.FAILED;
  }

  private void write(VerificationReport report, @Nullable Baseline drift) {
    if (page != null && drift != null) {
      ReportPage.write(report, drift, page);
    } else if (page != null) {
      ReportPage.write(report, page);
    }
    if (junit != null) {
      ReportJUnit.write(report, junit);
    }
  }
}
