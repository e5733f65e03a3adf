package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.graph.GraphIndex;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.graph.ModulePath;
import ai.transonnx.verification.internal.graph.Slices;
import ai.transonnx.verification.internal.twin.FloatTwin;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerOptions;
import ai.transonnx.verification.runner.Runners;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Searches where a file begins to compute something else than the class in its metadata, in one
 * call: both are computed in float64, and the values of equal names are compared. Immutable, so
 * threads may share it.
 *
 * @param file the file
 * @param architecture the class as a model in float64, whose inputs are float64 as well
 * @param tolerance the largest difference that counts as equal, relative to the magnitude
 * @param memory the memory in bytes that the search may take
 */
public record StructureSearch(
    ModelFile file, ModelFile architecture, double tolerance, long memory) {
  private static final int SLICES_IN_MEMORY = 6;
  private static final Duration LONG = Duration.ofHours(1);

  /**
   * Searches in one call.
   *
   * @param call its name, for the report
   * @param inputs every input of the file, in the file's types
   * @return empty if all values of equal names are equal
   * @throws ai.transonnx.verification.internal.twin.NoTwinException if the file cannot be computed
   *     in float64
   */
  public Optional<Divergence> run(String call, Map<String, Tensor> inputs) {
    var wide = wide(inputs);
    var limits = RunnerOptions.builder().loadTime(LONG).runTime(LONG).build();
    var index = GraphIndex.of(architecture.proto().getGraph());
    var errors = new ValueErrors(index);
    try (var ofFile = new Scratch(file);
        var ofClass = new Scratch(architecture);
        var runner = Runners.open("cpu:none", limits)) {
      var slices = slices(ofClass, runner, index, wide);
      var twin = FloatTwin.of(file.proto());
      var found = new PartValues(ofFile, runner, twin, slices, wide);
      var wanted = new PartValues(ofClass, runner, architecture.proto(), slices, wide);
      for (int i = 0; i < slices.size(); i++) {
        var expected = wanted.next();
        found
            .next()
            .forEach(
                (name, tensor) -> {
                  var value = expected.get(name);
                  if (value != null) {
                    errors.add(compare(name, value, tensor));
                  }
                });
      }
    }
    return errors.suspects().stream().findFirst().map(result -> divergence(call, errors, result));
  }

  private List<List<String>> slices(
      Scratch scratch, ModelRunner runner, GraphIndex index, Map<String, Tensor> inputs) {
    var ofFile = GraphIndex.of(file.proto().getGraph());
    var common = new LinkedHashSet<String>();
    for (var node : index.nodes()) {
      GraphIndex.results(node).stream()
          .filter(value -> ofFile.producer(value).isPresent())
          .forEach(common::add);
    }
    var sizes = ValueSizes.of(scratch, runner, architecture.proto(), List.copyOf(common), inputs);
    return Slices.of(index, common, sizes, memory / SLICES_IN_MEMORY);
  }

  private ValueResult compare(String name, Tensor expected, Tensor actual) {
    var difference = Difference.of(expected, actual);
    double magnitude = difference.magnitude() == 0 ? 1 : difference.magnitude();
    double allowed = actual.type().isFloatingPoint() ? tolerance * magnitude : 0;
    return new ValueResult(
        name, actual.type(), difference.magnitude(), difference.error(), 0, allowed);
  }

  private Divergence divergence(String call, ValueErrors errors, ValueResult result) {
    var index = GraphIndex.of(architecture.proto().getGraph());
    int position = index.producer(result.value()).orElseThrow();
    var node = index.nodes().get(position);
    return new Divergence(
        call,
        ModulePath.of(node),
        node.getName(),
        node.getOpType(),
        result.value(),
        result.error(),
        result.tolerance(),
        description(result, node, weights(index.reads(position))),
        errors.reported(),
        null);
  }

  private static String description(ValueResult result, NodeProto node, Set<String> weights) {
    var module = ModulePath.of(node);
    var difference =
        Double.isInfinite(result.error())
            ? "has another shape, or NaN or infinity"
            : "differs by %s of a magnitude of %s"
                .formatted(Numbers.text(result.error()), Numbers.text(result.magnitude()));
    return "The result '%s' of %s%s %s, although the values before it are equal.%s"
        .formatted(
            result.value(),
            node.getOpType(),
            module.isEmpty() ? "" : " in " + module,
            difference,
            weights.isEmpty() ? "" : " It reads " + String.join(", ", weights) + ".");
  }

  /** The named weights among values; small numbers are constants. */
  private Set<String> weights(List<String> reads) {
    Set<String> names =
        architecture.proto().getGraph().getInitializerList().stream()
            .filter(tensor -> tensor.getDimsCount() > 0)
            .map(TensorProto::getName)
            .filter(name -> !name.startsWith("constant"))
            .collect(Collectors.toCollection(TreeSet::new));
    names.retainAll(reads);
    return names;
  }

  private static Map<String, Tensor> wide(Map<String, Tensor> inputs) {
    var wide = new HashMap<String, Tensor>();
    inputs.forEach(
        (name, tensor) ->
            wide.put(
                name, tensor.type().isFloatingPoint() ? tensor.as(ElementType.FLOAT64) : tensor));
    return wide;
  }
}
