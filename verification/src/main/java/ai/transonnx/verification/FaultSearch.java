package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFolder;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.call.PlannedCall;
import ai.transonnx.verification.internal.divergence.DivergenceSearch;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.run.ExpectedCalls;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.report.RunnerReport.CallReport;
import ai.transonnx.verification.report.RunnerReport.StateSource;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Searches where a runtime begins to be wrong, in the first call that shows it. */
record FaultSearch(
    ModelFile model,
    CallModel facts,
    ExpectedCalls expected,
    double factor,
    ModelVerification options) {
  /**
   * Checks the folder for reproductions before anything runs.
   *
   * @throws InputException if it exists and is not an empty folder, or cannot be created
   */
  static void checkFolder(Path folder) {
    try {
      if (Files.exists(folder) && !PlainFolder.names(folder).isEmpty()) {
        throw new InputException(folder + ": this folder is not empty; specify a new one");
      }
      var existing = folder.toAbsolutePath().normalize();
      while (existing.getParent() != null && !Files.exists(existing)) {
        existing = existing.getParent();
      }
      if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
        throw new InputException(
            "%s: cannot be created: %s is not a folder that this program may write to"
                .formatted(folder, existing));
      }
    } catch (IOException e) {
      throw new InputException(folder + ": " + FileErrors.unreadable(e), e);
    }
  }

  /**
   * Searches in the first call that is wrong although it was given the reference's state: errors
   * that only grow from call to call have no first operator.
   *
   * @return null if there is no such call, or no wrong operator was found
   */
  @Nullable Divergence in(ModelRunner runner, List<CallReport> reports) {
    var wrong =
        reports.stream()
            .filter(report -> !report.passed() && report.state() != StateSource.OWN)
            .findFirst()
            .flatMap(this::call);
    return wrong.map(call -> search(runner, call)).orElse(null);
  }

  private Optional<PlannedCall> call(CallReport report) {
    return expected.calls().stream().filter(call -> call.name().equals(report.call())).findFirst();
  }

  private @Nullable Divergence search(ModelRunner runner, PlannedCall call) {
    var inputs = new HashMap<String, Tensor>(call.inputs());
    inputs.putAll(expected.stateBefore(call, facts.metadata().state()));
    var search =
        DivergenceSearch.builder(model, call.name(), inputs)
            .factor(factor)
            .seed((int) options.seed())
            .memory(options.memory());
    options.reproductions().map(FaultSearch::created).ifPresent(search::reproductions);
    try {
      return search.build().run(List.of(runner)).get(runner.name());
    } catch (RunnerException | InferenceException e) {
      return null; // The runtime computes the model, but not with further outputs.
    }
  }

  private static Path created(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new InputException(
          folder + ": cannot be created: " + FileErrors.reason(e, "no such directory"), e);
    }
  }
}
