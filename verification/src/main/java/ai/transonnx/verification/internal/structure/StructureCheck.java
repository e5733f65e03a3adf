package ai.transonnx.verification.internal.structure;

import ai.transonnx.InputException;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.call.CallStates;
import ai.transonnx.verification.internal.call.ExactState;
import ai.transonnx.verification.internal.call.PlannedCall;
import ai.transonnx.verification.internal.divergence.StructureSearch;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.run.HeapMemory;
import ai.transonnx.verification.internal.twin.FloatTwin;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.report.StructureReport;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the graph of a file, in float64, with the class that its metadata describe. Both are
 * exact but for roundings of float64, so that any other difference is one of structure or weights.
 * For one thread.
 */
public final class StructureCheck {
  /** The largest difference relative to the magnitude of a tensor that counts as equal. */
  static final double TOLERANCE = 1e-9;

  private static final ModelOptions OPTIONS =
      ModelOptions.builder().optimisation(ModelOptions.Optimisation.NONE).returnMemory().build();

  private final ModelFile file;
  private final CallModel facts;
  private final List<PlannedCall> calls;
  private final Path folder;
  private final long memory;

  /**
   * A check of a file.
   *
   * @param folder a temporary folder
   * @param memory the memory in bytes that the search for a difference may take
   */
  public StructureCheck(
      ModelFile file, CallModel facts, List<PlannedCall> calls, Path folder, long memory) {
    this.file = file;
    this.facts = facts;
    this.calls = List.copyOf(calls);
    this.folder = folder;
    this.memory = memory;
  }

  /**
   * Runs every call in both.
   *
   * @param weights the source of the weights, for readers
   * @throws ai.transonnx.verification.internal.twin.NoTwinException if the file has no twin
   */
  public StructureReport run(ArchitectureTwin.Built architecture, String weights) {
    var proto = FloatTwin.of(file.proto());
    var twin = file.write(proto, folder, "structure");
    double error = 0;
    PlannedCall wrong = null;
    Map<String, Tensor> wrongInputs = Map.of();
    var heap = new HeapMemory();
    try (var actual = OnnxModel.load(twin, OPTIONS);
        var expected = OnnxModel.load(architecture.file(), OPTIONS)) {
      var pairs = ExactState.of(facts.metadata().state());
      var states = new CallStates(pairs, calls);
      var expectedStates = new CallStates(pairs, calls);
      for (var call : calls) {
        var inputs = inputs(call, states);
        heap.beforeRun();
        var outputs = heap.returned(actual.run(inputs).asMap());
        var wanted = heap.returned(expected.run(inputs(call, expectedStates)).asMap());
        double worst = TwinDifference.worst(wanted, outputs);
        error = Math.max(error, worst);
        if (worst > TOLERANCE) {
          wrong = call;
          wrongInputs = inputs;
          break;
        }
        states.put(call, outputs);
        expectedStates.put(call, wanted);
      }
    } catch (InferenceException e) {
      throw new InputException(
          "%s: its class cannot be computed in float64: %s".formatted(file.file(), e.getMessage()),
          e);
    }
    var divergence = wrong == null ? null : divergence(architecture, wrong.name(), wrongInputs);
    return new StructureReport(
        "%s with %s".formatted(description(architecture), weights), error, TOLERANCE, divergence);
  }

  private Divergence divergence(
      ArchitectureTwin.Built architecture, String call, Map<String, Tensor> inputs) {
    var built = ModelFile.read(architecture.file());
    return new StructureSearch(file, built, TOLERANCE, memory)
        .run(call, inputs)
        .orElseGet(() -> unlocated(call));
  }

  /** An output differs that is no result of a node. */
  private static Divergence unlocated(String call) {
    return new Divergence(
        call,
        "",
        "",
        "",
        "",
        Double.NaN,
        TOLERANCE,
        "The outputs differ from those of the class, but no value that both compute does.",
        List.of(),
        null);
  }

  private static String description(ArchitectureTwin.Built built) {
    var architecture = built.architecture();
    return "%s of %s %s"
        .formatted(
            architecture.className(),
            architecture.library().id(),
            architecture.library().version());
  }

  private static Map<String, Tensor> inputs(PlannedCall call, CallStates states) {
    var inputs = new HashMap<String, Tensor>();
    call.inputs().forEach((name, tensor) -> inputs.put(name, ExactState.of(tensor)));
    states.of(call).forEach((name, tensor) -> inputs.put(name, ExactState.of(tensor)));
    return inputs;
  }
}
