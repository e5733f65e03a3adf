package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Graph;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.Target;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Graphs of bfloat16 have no operators of bfloat16 but those that ONNX Runtime has on CUDA, for
 * there is no such device where this is built.
 */
class Bfloat16OperatorsTest {
  /**
   * Of ONNX Runtime's table of kernels, docs/OperatorKernels.md: those of the CUDA provider with
   * bfloat16, at every opset from 17 on.
   */
  private static final Set<String> ON_CUDA =
      Set.of(
          "Add",
          "Cast",
          "Concat",
          "Div",
          "Expand",
          "Gather",
          "GatherElements",
          "Identity",
          "If",
          "Loop",
          "MatMul",
          "Max",
          "Min",
          "Mul",
          "Neg",
          "Relu",
          "Reshape",
          "ScatterND",
          "Shape",
          "Sigmoid",
          "Sign",
          "Slice",
          "Split",
          "Squeeze",
          "Sub",
          "Tanh",
          "Transpose",
          "Unsqueeze",
          "Where");

  /** From opset 20 on, when it became an operator. */
  private static final String GELU = "Gelu";

  private static final Set<String> OF_ONNX_RUNTIME =
      Set.of("GroupQueryAttention", "MultiHeadAttention");

  static Stream<Path> folders() {
    return CaseFolder.below(Path.of("cases")).stream();
  }

  @ParameterizedTest
  @MethodSource("folders")
  void everyGraphIsMadeOfWhatRunsOnCuda(Path path) {
    var folder = CaseFolder.read(path);
    var architecture = folder.architecture();
    for (var step : folder.steps()) {
      for (var request : variants(CaseChecks.request(folder, step))) {
        if (!request.incremental() || architecture.isIncremental(request)) {
          assertRuns(architecture.build(request));
        }
      }
    }
  }

  private static List<GraphRequest> variants(GraphRequest asked) {
    var dialect = EmitOptions.STANDARD.withPrecision(Precision.BFLOAT16);
    var request = asked.toBuilder().emit(dialect).build();
    return List.of(
        request,
        request.toBuilder().incremental(true).build(),
        request.toBuilder().emit(dialect.withOpset(EmitOptions.MIN_OPSET)).build(),
        request.toBuilder().emit(dialect.withTarget(Target.ONNXRUNTIME)).build());
  }

  private static void assertRuns(Model model) {
    var used = new TreeSet<String>();
    collect(model.graph(), new HashMap<>(), used);
    assertTrue(
        used.remove("MatMul") || used.removeAll(OF_ONNX_RUNTIME), "products are of bfloat16");
    used.removeAll(ON_CUDA);
    used.remove(GELU);
    used.removeAll(OF_ONNX_RUNTIME);
    assertEquals(Set.of(), used);
    for (var function : model.functions()) {
      assertTrue(
          function.nodes().stream()
              .flatMap(node -> node.types().stream())
              .noneMatch(type -> type.elements() == ElementType.BFLOAT16),
          function.name());
    }
  }

  /** The operators that take or make bfloat16, in branches too. */
  private static void collect(Graph graph, Map<String, ElementType> around, Set<String> used) {
    var types = new HashMap<>(around);
    graph.inputs().forEach(input -> types.put(input.name(), input.elements()));
    graph.parameters().forEach(parameter -> types.put(parameter.name(), parameter.elements()));
    graph.constants().forEach(c -> types.put(c.name(), c.value().type().elements()));
    for (var node : graph.nodes()) {
      var elements = new ArrayList<ElementType>();
      node.inputs().stream().filter(types::containsKey).map(types::get).forEach(elements::add);
      for (int i = 0; i < node.outputs().size(); i++) {
        var type = node.types().get(i).elements();
        types.put(node.outputs().get(i), type);
        elements.add(type);
      }
      if (elements.contains(ElementType.BFLOAT16)) {
        used.add(node.operator());
      }
      for (var attribute : node.attributes().values()) {
        if (attribute instanceof Attribute.Branch branch) {
          collect(branch.graph(), types, used);
        }
      }
    }
  }
}
