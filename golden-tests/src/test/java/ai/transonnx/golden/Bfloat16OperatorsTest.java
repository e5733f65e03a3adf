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
 * Bfloat16 graphs use bfloat16 only in operators for which ONNX Runtime has a CUDA kernel. This
 * test needs no CUDA device.
 */
class Bfloat16OperatorsTest {
  /**
   * The operators with bfloat16 kernels of the CUDA provider at every opset from 17 on, from ONNX
   * Runtime's docs/OperatorKernels.md.
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

  /** Has such a kernel from opset 20 on, where it was introduced. */
  private static final String GELU = "Gelu";

  private static final Set<String> ONNX_RUNTIME_OPERATORS =
      Set.of("GroupQueryAttention", "MultiHeadAttention");

  static Stream<Path> folders() {
    return CaseFolder.below(Path.of("cases")).stream();
  }

  @ParameterizedTest
  @MethodSource("folders")
  void everyBfloat16OperatorHasACudaKernel(Path path) {
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

  private static List<GraphRequest> variants(GraphRequest original) {
    var emit = EmitOptions.STANDARD.withPrecision(Precision.BFLOAT16);
    var request = original.toBuilder().emit(emit).build();
    return List.of(
        request,
        request.toBuilder().incremental(true).build(),
        request.toBuilder().emit(emit.withOpset(EmitOptions.MIN_OPSET)).build(),
        request.toBuilder().emit(emit.withTarget(Target.ONNXRUNTIME)).build());
  }

  private static void assertRuns(Model model) {
    var used = new TreeSet<String>();
    collect(model.graph(), new HashMap<>(), used);
    assertTrue(
        used.remove("MatMul") || used.removeAll(ONNX_RUNTIME_OPERATORS), "no product is bfloat16");
    used.removeAll(ON_CUDA);
    used.remove(GELU);
    used.removeAll(ONNX_RUNTIME_OPERATORS);
    assertEquals(Set.of(), used);
    for (var function : model.functions()) {
      assertTrue(
          function.nodes().stream()
              .flatMap(node -> node.types().stream())
              .noneMatch(type -> type.elements() == ElementType.BFLOAT16),
          function.name());
    }
  }

  /** Collects the operators with a bfloat16 input or output, also in branches. */
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
