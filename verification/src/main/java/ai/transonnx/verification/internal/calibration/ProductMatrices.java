package ai.transonnx.verification.internal.calibration;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The matrices among the initializers of a graph that are the second factor of products, in the
 * main graph or in the body of a loop. A matrix that is a table as well is none of them: as both,
 * it must have the same elements. Immutable, so threads may share it.
 */
final class ProductMatrices {
  private final Map<String, TensorProto> initializers = new HashMap<>();
  private final Map<String, Integer> widths = new LinkedHashMap<>();
  private final Set<String> ambiguous = new HashSet<>();

  private ProductMatrices(GraphProto graph) {
    graph.getInitializerList().stream()
        .filter(tensor -> tensor.getDimsCount() == 2)
        .forEach(tensor -> initializers.put(tensor.getName(), tensor));
    visit(graph);
    widths.keySet().removeAll(ambiguous);
  }

  static ProductMatrices of(GraphProto graph) {
    return new ProductMatrices(graph);
  }

  private void visit(GraphProto graph) {
    for (var node : graph.getNodeList()) {
      if (node.getOpType().equals("Gather")) {
        ambiguous.add(node.getInput(0));
      }
      weight(node)
          .ifPresent(
              weight -> {
                int width = width(node, weight);
                var known = widths.putIfAbsent(weight.getName(), width);
                if (known != null && known != width) {
                  ambiguous.add(weight.getName());
                }
              });
      body(node).ifPresent(this::visit);
    }
  }

  /** The number of inputs of each matrix, in the order of the nodes. */
  Map<String, Integer> widths() {
    return widths;
  }

  /** The name of the matrix of a product. */
  Optional<String> matrix(NodeProto node) {
    return weight(node).map(TensorProto::getName).filter(widths::containsKey);
  }

  private Optional<TensorProto> weight(NodeProto node) {
    boolean isProduct =
        node.getDomain().isEmpty()
            && (node.getOpType().equals("MatMul") || node.getOpType().equals("Gemm"))
            && node.getInputCount() > 1;
    return isProduct ? Optional.ofNullable(initializers.get(node.getInput(1))) : Optional.empty();
  }

  private static int width(NodeProto node, TensorProto weight) {
    boolean isTransposed =
        node.getAttributeList().stream()
            .anyMatch(attribute -> attribute.getName().equals("transB") && attribute.getI() != 0);
    return Math.toIntExact(weight.getDims(isTransposed ? 1 : 0));
  }

  private static Optional<GraphProto> body(NodeProto node) {
    return isLoop(node)
        ? node.getAttributeList().stream()
            .filter(AttributeProto::hasG)
            .map(AttributeProto::getG)
            .findFirst()
        : Optional.empty();
  }

  /** Whether a node is a loop, each of whose results is an output. */
  static boolean isLoop(NodeProto node) {
    return node.getDomain().isEmpty()
        && node.getOpType().equals("Loop")
        && node.getAttributeCount() == 1
        && node.getOutputCount() == node.getAttribute(0).getG().getOutputCount() - 1;
  }
}
