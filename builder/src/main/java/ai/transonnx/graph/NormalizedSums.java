package ai.transonnx.graph;

import ai.transonnx.format.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Rewrites a finished model for ONNX Runtime: the sum of a layer's output and its input and the
 * layer normalization of that sum become one {@code SkipLayerNormalization}, which also returns the
 * sum. Values keep their names.
 */
final class NormalizedSums {
  private static final int RANK = 3;

  /** The results of the operator before the sum, which are for training. */
  private static final List<String> UNUSED = List.of("", "");

  private final Map<String, TensorType> types = new HashMap<>();
  private final Map<String, Node> sums = new HashMap<>();
  private final Set<String> weights = new HashSet<>();
  private final Map<Node, Node> normalizations = new HashMap<>();

  private NormalizedSums(Graph graph) {
    graph.inputs().forEach(input -> types.put(input.name(), input.type()));
    graph.parameters().forEach(weight -> weights.add(weight.name()));
    graph.constants().forEach(constant -> weights.add(constant.name()));
    for (var node : graph.nodes()) {
      for (int i = 0; i < node.outputs().size(); i++) {
        types.put(node.outputs().get(i), node.types().get(i));
      }
      visit(node);
    }
  }

  /** The rewritten model. */
  static Model of(Model model) {
    var graph = model.graph();
    return model.withGraph(graph.withNodes(new NormalizedSums(graph).nodes(graph.nodes())));
  }

  private void visit(Node node) {
    if (isSum(node)) {
      sums.put(node.outputs().get(0), node);
    } else if (node.domain().isEmpty() && node.operator().equals("LayerNormalization")) {
      Optional.ofNullable(sums.get(node.inputs().get(0)))
          .filter(sum -> weights.containsAll(node.inputs().subList(1, node.inputs().size())))
          .ifPresent(sum -> normalizations.putIfAbsent(sum, node));
    }
  }

  /** Whether a node adds sequences of vectors, without broadcasting. */
  private boolean isSum(Node node) {
    if (!node.domain().isEmpty() || !node.operator().equals("Add")) {
      return false;
    }
    var type = node.types().get(0);
    return type.elements() == ElementType.FLOAT32
        && type.shape().rank() == RANK
        && node.inputs().stream().allMatch(operand -> type.equals(types.get(operand)));
  }

  private List<Node> nodes(List<Node> nodes) {
    var all = new ArrayList<Node>();
    for (var node : nodes) {
      var normalization = normalizations.get(node);
      if (normalization != null) {
        all.add(joined(node, normalization));
      } else if (!normalizations.containsValue(node)) {
        all.add(node);
      }
    }
    return all;
  }

  private static Node joined(Node sum, Node normalization) {
    var inputs = new ArrayList<>(sum.inputs());
    inputs.addAll(normalization.inputs().subList(1, normalization.inputs().size()));
    var outputs = new ArrayList<>(normalization.outputs());
    outputs.addAll(UNUSED);
    outputs.addAll(sum.outputs());
    var type = sum.types().get(0);
    var attributes = new TreeMap<>(normalization.attributes());
    attributes.remove("axis");
    return new Node(
        normalization.name(),
        "com.microsoft",
        "SkipLayerNormalization",
        inputs,
        outputs,
        List.of(type, type, type, type),
        attributes);
  }
}
