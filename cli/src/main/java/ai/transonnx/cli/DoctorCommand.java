package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.runtime.diagnosis.MachineDiagnosis;
import ai.transonnx.runtime.diagnosis.ModelDiagnosis;
import ai.transonnx.runtime.diagnosis.ProviderDiagnosis;
import java.nio.file.Files;
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
      "Tell what the runtime of this machine can do: which devices really load, and why not.",
      "With a model, also whether it runs here, and with how much memory by length."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "MODEL.onnx", description = "A model to try.")
  private @Nullable Path model;

  @Mixin private DeviceOptions device = new DeviceOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    if (model != null && !Files.exists(model)) {
      throw new InputException(model + ": no such file");
    }
    var options = device.modelOptions();
    var machine = MachineDiagnosis.here();
    var asked =
        options.device() instanceof Device.Auto
            ? ProviderDiagnosis.of(Device.CPU)
            : ProviderDiagnosis.of(options.device());
    var models =
        model == null ? List.<ModelDiagnosis>of() : List.of(ModelDiagnosis.of(model, options));
    var out = spec.commandLine().getOut();
    out.print(json ? DoctorJson.of(machine, asked, models) : DoctorText.of(machine, asked, models));
    boolean well = asked.loads() && models.stream().allMatch(ModelDiagnosis::runs);
    return well ? ExitCode.DONE : ExitCode.FAILED;
  }
}
