package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.NodeProto;
import java.util.ArrayList;
import java.util.List;

/** The nodes of a graph that is being written. */
final class NodeList {
  private final List<NodeProto.Builder> nodes = new ArrayList<>();
  private final ValueNames names;

  NodeList(ValueNames names) {
    this.names = names;
  }

  /** Adds a node with an output of its own name. */
  String add(String operator, List<String> inputs, List<AttributeProto> attributes) {
    return add(operator, inputs, attributes, 1).get(0);
  }

  /** Adds a node with some outputs. */
  List<String> add(
      String operator, List<String> inputs, List<AttributeProto> attributes, int outputs) {
    int dot = operator.lastIndexOf('.');
    var node =
        NodeProto.newBuilder()
            .setOpType(operator.substring(dot + 1))
            .setDomain(operator.substring(0, Math.max(0, dot)))
            .addAllInput(inputs)
            .addAllAttribute(attributes);
    for (int i = 0; i < outputs; i++) {
      node.addOutput(names.fresh("twin/" + node.getOpType()));
    }
    nodes.add(node);
    return List.copyOf(node.getOutputList());
  }

  void add(NodeProto.Builder node) {
    nodes.add(node);
  }

  int size() {
    return nodes.size();
  }

  /** Gives a value its final name in the nodes since {@code from}; a copy if it is older. */
  void name(String value, String name, int from) {
    var added = nodes.subList(from, nodes.size());
    if (added.stream().noneMatch(node -> node.getOutputList().contains(value))) {
      nodes.add(NodeProto.newBuilder().setOpType("Identity").addInput(value).addOutput(name));
      return;
    }
    for (var node : added) {
      for (int i = 0; i < node.getInputCount(); i++) {
        if (node.getInput(i).equals(value)) {
          node.setInput(i, name);
        }
      }
      for (int i = 0; i < node.getOutputCount(); i++) {
        if (node.getOutput(i).equals(value)) {
          node.setOutput(i, name);
        }
      }
    }
  }

  List<NodeProto> build() {
    return nodes.stream().map(NodeProto.Builder::build).toList();
  }
}
