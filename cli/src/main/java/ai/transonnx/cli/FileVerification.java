package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.JvmEnd;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.OutputPath;
import ai.transonnx.verification.ModelVerification;
import ai.transonnx.verification.report.ReportJUnit;
import ai.transonnx.verification.report.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
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
      names = "--seed",
      paramLabel = "N",
      description = "The seed of made inputs and of random roundings (default: 0).")
  private long seed;

  @Option(
      names = "--require",
      description = "Fail if a runtime is not installed, instead of reporting that it is missing.")
  private boolean requiresRunners;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write the report in JUnit's XML, which build servers read.")
  private @Nullable Path junit;

  int run(CommandSpec spec, Path model) {
    Stream.of(json, junit).filter(Objects::nonNull).forEach(file -> checkOutput(file, model));
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
    if (requiresRunners) {
      verification.requireRunners();
    }
    var report = verification.build().run();
    if (JvmEnd.hasBegun()) {
      return ExitCode.FAILED;
    }
    if (json != null) {
      ReportJson.write(report, json);
    }
    if (junit != null) {
      ReportJUnit.write(report, junit);
    }
    spec.commandLine().getOut().println(report.summary());
    return report.passed() ? ExitCode.SUCCESS : ExitCode.FAILED;
  }

  /** Refuses an output that cannot be written before the runtimes run. */
  private static void checkOutput(Path file, Path model) {
    try {
      var resolved = OutputPath.resolve(file);
      if (Files.exists(resolved) && Files.exists(model) && Files.isSameFile(resolved, model)) {
        throw new InputException(
            "%s: the report cannot be written: this is the model".formatted(file));
      }
    } catch (IOException e) {
      throw new InputException(
          "%s: the report cannot be written: %s"
              .formatted(file, FileErrors.reason(e, "its directory is missing")),
          e);
    }
  }
}
