package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.NodeProto;
import java.util.stream.Stream;

/** How exactly the products of a file with quantized weights are computed in a verification. */
public final class ProductAccuracy {
  private static final int INT8_ACTIVATIONS = 4;

  private ProductAccuracy() {}

  /**
   * A part of a sentence about the file's products; empty if it has none with quantized weights.
   */
  public static String describe(ModelFile file) {
    var graph = file.proto().getGraph();
    if (nodes(graph).anyMatch(node -> isProduct(node) && accuracyLevel(node) == INT8_ACTIVATIONS)) {
      return "products at accuracy level 4 may round activations to int8";
    }
    return nodes(graph).anyMatch(node -> isProduct(node) || hasBlocks(node))
        ? "products with quantized weights are computed at accuracy level 1"
        : "";
  }

  private static Stream<NodeProto> nodes(GraphProto graph) {
    return graph.getNodeList().stream()
        .flatMap(
            node ->
                Stream.concat(
                    Stream.of(node),
                    node.getAttributeList().stream()
                        .filter(AttributeProto::hasG)
                        .flatMap(attribute -> nodes(attribute.getG()))));
  }

  private static boolean isProduct(NodeProto node) {
    return node.getOpType().equals("MatMulNBits");
  }

  private static long accuracyLevel(NodeProto node) {
    return number(node, "accuracy_level");
  }

  private static boolean hasBlocks(NodeProto node) {
    return node.getOpType().equals("DequantizeLinear") && number(node, "block_size") > 0;
  }

  private static long number(NodeProto node, String attribute) {
    return node.getAttributeList().stream()
        .filter(one -> one.getName().equals(attribute))
        .mapToLong(AttributeProto::getI)
        .findFirst()
        .orElse(0);
  }
}
