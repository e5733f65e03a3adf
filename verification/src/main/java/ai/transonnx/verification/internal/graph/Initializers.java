package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The initializers of a graph and of the graphs in its nodes. */
final class Initializers {
  private Initializers() {}

  /** Those of the graph and of the graphs in its nodes, at any depth. */
  static List<TensorProto> all(GraphProto graph) {
    return Stream.concat(graph.getInitializerList().stream(), inner(graph).stream()).toList();
  }

  /** Those of the graphs in the graph's nodes, at any depth. */
  static List<TensorProto> inner(GraphProto graph) {
    return graph.getNodeList().stream()
        .flatMap(node -> graphs(node).stream())
        .flatMap(inner -> all(inner).stream())
        .toList();
  }

  /** The graphs in a node's attributes. */
  static List<GraphProto> graphs(NodeProto node) {
    return node.getAttributeList().stream()
        .flatMap(
            attribute ->
                attribute.hasG() ? Stream.of(attribute.getG()) : attribute.getGraphsList().stream())
        .toList();
  }

  static void update(GraphProto.Builder graph, Consumer<TensorProto.Builder> change) {
    graph.getInitializerBuilderList().forEach(change);
    for (int i = 0; i < graph.getNodeCount(); i++) {
      if (!graphs(graph.getNode(i)).isEmpty()) {
        for (var attribute : graph.getNodeBuilder(i).getAttributeBuilderList()) {
          update(attribute, change);
        }
      }
    }
  }

  private static void update(
      AttributeProto.Builder attribute, Consumer<TensorProto.Builder> change) {
    if (attribute.hasG()) {
      update(attribute.getGBuilder(), change);
    }
    attribute.getGraphsBuilderList().forEach(inner -> update(inner, change));
  }
}
