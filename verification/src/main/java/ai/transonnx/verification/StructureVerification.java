package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.call.PlannedCall;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.structure.ArchitectureTwin;
import ai.transonnx.verification.internal.structure.StructureCheck;
import ai.transonnx.verification.internal.structure.TwinWeights;
import ai.transonnx.verification.report.StructureReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Verifies that a file is the model that its metadata describe.
 *
 * @param weights the weights that the file was exported from; empty to use those of the file
 * @param folder a temporary folder
 * @param memory the memory in bytes that the search for a difference may take
 */
record StructureVerification(
    ModelFile model, Optional<TwinWeights.Checkpoint> weights, Path folder, long memory) {
  /**
   * The result.
   *
   * @param report empty if the class is unknown or cannot be computed in float64
   * @param reason why there is no report, in one line; empty for another program's file
   */
  record Result(Optional<StructureReport> report, String reason) {}

  /**
   * Compares the file with its class.
   *
   * @throws InputException if the weights cannot be read, or cannot be compared with the file
   */
  Result of(CallModel facts, List<PlannedCall> calls) {
    TwinWeights source = weights.isPresent() ? weights.get() : new TwinWeights.OfFile();
    var twin = ArchitectureTwin.of(model, source, folder);
    if (twin instanceof ArchitectureTwin.Impossible impossible) {
      return without(impossible.reason());
    }
    var check = new StructureCheck(model, facts, calls, folder, memory);
    var from = weights.map(given -> given.weights().toString()).orElse("the file's weights");
    return new Result(Optional.of(check.run((ArchitectureTwin.Built) twin, from)), "");
  }

  private Result without(String reason) {
    if (weights.isPresent()) {
      throw new InputException(
          "%s cannot be compared with %s: %s"
              .formatted(model.file(), weights.get().weights(), reason));
    }
    boolean isOurs = model.metadata().containsKey(MetadataKey.CONFIG.key());
    return new Result(Optional.empty(), isOurs ? reason : "");
  }
}
