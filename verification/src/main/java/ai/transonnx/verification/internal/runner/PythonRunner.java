package ai.transonnx.verification.internal.runner;

import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerOptions;
import java.util.List;

/** Runs models with packages of Python. */
final class PythonRunner {
  private static final String SCRIPT = "runner.py";
  static final Programs PYTHON = new Programs("TRANSONNX_PYTHON", List.of("python3", "python"));

  private PythonRunner() {}

  /** Opens the package {@code onnxruntime}. */
  static ModelRunner openOnnxRuntime(RunnerName name, RunnerOptions options) {
    return open("onnxruntime", name, options);
  }

  /** Opens the reference evaluator of the package {@code onnx}. */
  static ModelRunner openReference(RunnerName name, RunnerOptions options) {
    return open("onnx", name, options);
  }

  private static ModelRunner open(String module, RunnerName name, RunnerOptions options) {
    var python =
        PYTHON
            .find()
            .orElseThrow(
                () ->
                    new MissingRunnerException(
                        name.shown() + ": there is no Python: " + PYTHON.places(),
                        "python3 -m pip install " + module + " numpy"));
    return ProcessRunner.start(
        name,
        options,
        folder ->
            Launch.of(
                List.of(
                    python.toString(),
                    folder.unpack(PythonRunner.class, SCRIPT).toString(),
                    module)));
  }
}
