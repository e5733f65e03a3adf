package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.runtime.diagnosis.MachineDiagnosis;
import ai.transonnx.runtime.diagnosis.ModelDiagnosis;
import ai.transonnx.runtime.diagnosis.ProviderDiagnosis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code transonnx doctor}. */
@Command(
    name = "doctor",
    description = {
      "Diagnose this machine: ONNX Runtime, memory, and which devices load, or why not.",
      "With a model, also report whether it runs here, and its peak memory by length."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "MODEL.onnx", description = "A model to run.")
  private @Nullable Path model;

  @Mixin private DeviceOptions device = new DeviceOptions();

  @Mixin private TimeoutOption timeout = new TimeoutOption();

  @SuppressWarnings("UnusedVariable") // the command has no notes
  @Mixin
  private QuietOption quiet = new QuietOption();

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  private static void checkModel(Path file) {
    try {
      PlainFile.check(file);
    } catch (IOException e) {
      throw new InputException(file + ": " + FileErrors.unreadable(e), e);
    }
  }

  @Override
  public Integer call() {
    return timeout.limit(spec, this::execute);
  }

  private int execute() {
    if (model != null) {
      checkModel(model);
      GivenModel.checkIsExported(model);
    }
    var options = device.modelOptions();
    var machine = MachineDiagnosis.here();
    var requested =
        options.device() instanceof Device.Auto
            ? ProviderDiagnosis.of(Device.CPU)
            : ProviderDiagnosis.of(options.device());
    var models =
        model == null ? List.<ModelDiagnosis>of() : List.of(ModelDiagnosis.of(model, options));
    var out = spec.commandLine().getOut();
    out.print(
        json
            ? DoctorJson.of(machine, requested, models)
            : DoctorText.of(machine, requested, models));
    boolean isHealthy = requested.loads() && models.stream().allMatch(ModelDiagnosis::runs);
    return isHealthy ? ExitCode.SUCCESS : ExitCode.FAILED;
  }
}
