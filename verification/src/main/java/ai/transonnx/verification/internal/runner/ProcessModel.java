package ai.transonnx.verification.internal.runner;

import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.runner.LoadedModel;
import ai.transonnx.verification.runner.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;

/** A model that a {@link ProcessRunner} has loaded. For one thread. */
final class ProcessModel implements LoadedModel {
  private static final String INPUTS = "inputs.safetensors";
  private static final String RESULT = "result.safetensors";

  private final ProcessRunner runner;
  private final int id;
  private final DeclaredOutputs declared;
  private boolean closed;

  ProcessModel(ProcessRunner runner, int id, DeclaredOutputs declared) {
    this.runner = runner;
    this.id = id;
    this.declared = declared;
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs) {
    declared
        .problem(outputs)
        .ifPresent(
            problem -> {
              throw new RunnerException(runner.shownName() + ": " + problem);
            });
    var folder = runner.folder();
    var result = folder.resolve(RESULT);
    try {
      try {
        var given = folder.write(INPUTS, inputs);
        runner.run(Messages.run(id, given, outputs, result));
        return checked(SafetensorsReader.read(result, outputs, runner.resultBytes()));
      } finally {
        Files.deleteIfExists(folder.resolve(INPUTS));
        Files.deleteIfExists(result);
      }
    } catch (SafetensorsReader.FormatException e) {
      throw runner.broken(e.problem());
    } catch (IOException e) {
      throw new RunnerException(
          "%s: its tensors cannot be written or deleted: %s"
              .formatted(runner.shownName(), e.getMessage()),
          e);
    }
  }

  private Map<String, Tensor> checked(Map<String, Tensor> outputs) {
    var problem = declared.problem(outputs);
    if (problem.isPresent()) {
      throw runner.broken(problem.get());
    }
    return outputs;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      runner.unload(id);
    }
  }
}
