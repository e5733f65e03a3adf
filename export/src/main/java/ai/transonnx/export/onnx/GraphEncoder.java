package ai.transonnx.export.onnx;

import ai.transonnx.export.proto.AttributeProto;
import ai.transonnx.export.proto.AttributeProto.AttributeType;
import ai.transonnx.export.proto.GraphProto;
import ai.transonnx.export.proto.NodeProto;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.Graph;
import ai.transonnx.graph.Node;
import com.google.protobuf.ByteString;

/** Graphs and nodes as ONNX's messages. */
final class GraphEncoder {
  private GraphEncoder() {}

  /** All of a graph but its parameters. */
  static GraphProto encode(Graph graph) {
    var encoded = GraphProto.newBuilder().setName(graph.name());
    graph.nodes().forEach(node -> encoded.addNode(encode(node)));
    graph.inputs().forEach(input -> encoded.addInput(TypeEncoder.encode(input)));
    graph.outputs().forEach(output -> encoded.addOutput(TypeEncoder.encode(output)));
    graph
        .constants()
        .forEach(c -> encoded.addInitializer(TensorEncoder.encode(c.name(), c.value())));
    return encoded.build();
  }

  static NodeProto encode(Node node) {
    var encoded =
        NodeProto.newBuilder()
            .setName(node.name())
            .setDomain(node.domain())
            .setOpType(node.operator())
            .addAllInput(node.inputs())
            .addAllOutput(node.outputs());
    node.attributes().forEach((name, value) -> encoded.addAttribute(encode(value).setName(name)));
    return encoded.build();
  }

  private static AttributeProto.Builder encode(Attribute attribute) {
    var encoded = AttributeProto.newBuilder();
    if (attribute instanceof Attribute.Int number) {
      encoded.setType(AttributeType.INT).setI(number.value());
    } else if (attribute instanceof Attribute.Real number) {
      encoded.setType(AttributeType.FLOAT).setF(number.value());
    } else if (attribute instanceof Attribute.Text text) {
      encoded.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(text.value()));
    } else if (attribute instanceof Attribute.Ints numbers) {
      encoded.setType(AttributeType.INTS).addAllInts(numbers.values());
    } else if (attribute instanceof Attribute.Constant constant) {
      encoded.setType(AttributeType.TENSOR).setT(TensorEncoder.encode("", constant.value()));
    } else if (attribute instanceof Attribute.Branch branch) {
      encoded.setType(AttributeType.GRAPH).setG(encode(branch.graph()));
    } else if (attribute instanceof Attribute.Reference reference) {
      encoded.setType(encode(reference.type()).getType()).setRefAttrName(reference.name());
    } else {
      throw new AssertionError("no encoding of " + attribute);
    }
    return encoded;
  }
}
