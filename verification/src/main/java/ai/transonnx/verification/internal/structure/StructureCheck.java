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
import ai.transonnx.verification.internal.graph.TemporaryPaths;
import ai.transonnx.verification.internal.run.HeapMemory;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.report.StructureReport;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Compares the graph of a file, in float64, with the class that its metadata describe. Both are
 * exact except for roundings of float64, so that any other difference is one of structure or
 * weights. A graph that has no float64 form runs as it is, with the tolerance of recorded cases.
 * For one thread.
 */
public final class StructureCheck {
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
   */
  public StructureReport run(ArchitectureTwin.Built architecture, String weights) {
    var graph = ComparedGraph.of(file, facts, folder);
    double error = 0;
    PlannedCall wrong = null;
    Map<String, Tensor> wrongInputs = Map.of();
    var heap = new HeapMemory();
    try (var actual = OnnxModel.load(graph.file(), OPTIONS);
        var expected = OnnxModel.load(architecture.file(), OPTIONS)) {
      var states = new CallStates(graph.state(), calls);
      var expectedStates = new CallStates(ExactState.of(facts.metadata().state()), calls);
      for (var call : calls) {
        var inputs = inputs(call, states, graph::input);
        heap.beforeRun();
        var outputs = heap.returned(actual.run(inputs).asMap());
        var wanted =
            heap.returned(expected.run(inputs(call, expectedStates, ExactState::of)).asMap());
        double worst = TwinDifference.worst(wanted, exact(outputs), graph.leastMagnitude());
        error = Math.max(error, worst);
        if (worst > graph.tolerance()) {
          wrong = call;
          wrongInputs = inputs;
          break;
        }
        states.put(call, outputs);
        expectedStates.put(call, wanted);
      }
    } catch (InferenceException e) {
      throw new InputException(
          "%s: its class cannot be computed in float64: %s"
              .formatted(file.file(), TemporaryPaths.removed(e.getMessage(), folder)),
          e);
    }
    var divergence =
        wrong == null ? null : divergence(graph, architecture, wrong.name(), wrongInputs);
    return new StructureReport(
        "%s with %s%s"
            .formatted(
                description(architecture),
                weights,
                graph.isExact() ? "" : ", and the file without optimizations"),
        error,
        graph.tolerance(),
        divergence);
  }

  private static Map<String, Tensor> exact(Map<String, Tensor> outputs) {
    var exact = new HashMap<String, Tensor>();
    outputs.forEach((name, tensor) -> exact.put(name, ExactState.of(tensor)));
    return exact;
  }

  private Divergence divergence(
      ComparedGraph graph,
      ArchitectureTwin.Built architecture,
      String call,
      Map<String, Tensor> inputs) {
    if (!graph.isExact()) {
      return unlocated(
          graph,
          call,
          "The outputs differ from those of the class; values within the file are not compared,"
              + " because it has an operator without a float64 form.");
    }
    var built = ModelFile.read(architecture.file());
    return new StructureSearch(file, built, graph.tolerance(), memory)
        .run(call, inputs)
        .orElseGet(
            () ->
                unlocated(
                    graph,
                    call,
                    "The outputs differ from those of the class, but no value that both compute"
                        + " does."));
  }

  private static Divergence unlocated(ComparedGraph graph, String call, String description) {
    return new Divergence(
        call, "", "", "", "", Double.NaN, graph.tolerance(), description, List.of(), null);
  }

  private static String description(ArchitectureTwin.Built built) {
    var architecture = built.architecture();
    return "%s of %s %s"
        .formatted(
            architecture.className(),
            architecture.library().id(),
            architecture.library().version());
  }

  private static Map<String, Tensor> inputs(
      PlannedCall call, CallStates states, UnaryOperator<Tensor> typed) {
    var inputs = new HashMap<String, Tensor>();
    call.inputs().forEach((name, tensor) -> inputs.put(name, typed.apply(tensor)));
    states.of(call).forEach((name, tensor) -> inputs.put(name, typed.apply(tensor)));
    return inputs;
  }
}
