package ai.transonnx.verification.internal.runner;

import ai.transonnx.InputException;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.DeviceException;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.InputChecks;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.NativeRuntime;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.RunLimit;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.device.Device;
import ai.transonnx.verification.runner.LoadedModel;
import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import ai.transonnx.verification.runner.RunnerFingerprint;
import ai.transonnx.verification.runner.RunnerOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * ONNX Runtime in this process, on the CPU or another device.
 *
 * <p>Only names and types of inputs are checked, because the files are of any origin, and their
 * tokens may be negative. Products with quantized weights are computed in float32, as the operators
 * of portable files are defined.
 */
final class NativeRunner implements ModelRunner {
  private final RunnerName name;
  private final ModelOptions options;
  private final RunnerOptions limits;

  private NativeRunner(RunnerName name, ModelOptions options, RunnerOptions limits) {
    this.name = name;
    this.options = options;
    this.limits = limits;
  }

  static ModelRunner open(RunnerName name, RunnerOptions limits) {
    var device = device(name);
    if (!(device instanceof Device.Cpu)) {
      NativeRuntime.problem(device)
          .ifPresent(
              problem -> {
                throw missing(name, problem);
              });
    }
    var options =
        ModelOptions.builder()
            .device(device)
            .optimisation(name.levelOrAll())
            .threads(name.threads())
            .runLimit(RunLimit.of(1, 0))
            .inputChecks(InputChecks.NAMES_AND_TYPES)
            .accuracyLevel(1)
            .build();
    return new NativeRunner(name, options, limits);
  }

  private static Device device(RunnerName name) {
    try {
      var target = name.target();
      return Device.parse(name.kind().name() + (target.isEmpty() ? "" : ":" + target));
    } catch (RequestException e) {
      throw new InputException("runtime '%s': %s".formatted(name.text(), e.getMessage()), e);
    }
  }

  private static MissingRunnerException missing(RunnerName name, DeviceException problem) {
    return new MissingRunnerException(
        "%s: %s".formatted(name.text(), problem.getMessage()), "transonnx doctor");
  }

  @Override
  public String name() {
    return name.text();
  }

  @Override
  public RunnerFingerprint fingerprint() {
    var properties = new LinkedHashMap<String, String>();
    properties.putAll(name.properties());
    properties.put("java", Runtime.version().toString());
    properties.putAll(Machine.properties());
    return new RunnerFingerprint(
        "onnxruntime-java",
        NativeRuntime.version().orElse("unknown"),
        options.device() instanceof Device.Cpu
            ? "CPUExecutionProvider"
            : options.device().toString(),
        properties);
  }

  @Override
  public LoadedModel load(Path model) {
    try {
      var loaded = OnnxModel.load(model, options, Cancellation.after(limits.loadTime()));
      return new NativeModel(name.text(), loaded, limits);
    } catch (InferenceException e) {
      throw failure(name.text(), e);
    }
  }

  private static RunnerException failure(String runner, InferenceException e) {
    return new RunnerException("%s: %s".formatted(runner, e.getMessage()), e);
  }

  @Override
  public void close() {
    // Each model holds a session of its own, and nothing else is open.
  }

  private record NativeModel(String runner, OnnxModel model, RunnerOptions limits)
      implements LoadedModel {
    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs) {
      try {
        return model.run(inputs, outputs, Cancellation.after(limits.runTime())).asMap();
      } catch (InferenceException e) {
        throw failure(runner, e);
      }
    }

    @Override
    public void close() {
      try {
        model.close();
      } catch (InferenceException e) {
        // ONNX Runtime reports that a session was not freed, which nobody can act on.
      }
    }
  }
}
