package ai.transonnx.export.internal.onnx;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.AttributeProto.AttributeType;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.Graph;
import ai.transonnx.graph.Node;
import ai.transonnx.graph.Value;
import com.google.protobuf.ByteString;
import java.util.List;

/** Encodes graphs and nodes as ONNX messages. */
final class GraphEncoder {
  private GraphEncoder() {}

  /** A {@code GraphProto} without its parameters. */
  static MessageWriter encode(Graph graph) {
    var constants =
        graph.constants().stream().map(c -> TensorEncoder.encode(c.name(), c.value())).toList();
    return new MessageWriter()
        .messages(GraphProto.NODE_FIELD_NUMBER, nodes(graph.nodes()))
        .text(GraphProto.NAME_FIELD_NUMBER, graph.name())
        .messages(GraphProto.INPUT_FIELD_NUMBER, values(graph.inputs()))
        .messages(GraphProto.OUTPUT_FIELD_NUMBER, values(graph.outputs()))
        .messages(GraphProto.INITIALIZER_FIELD_NUMBER, constants);
  }

  private static List<MessageWriter> values(List<Value> values) {
    return values.stream().map(TypeEncoder::encode).toList();
  }

  /** {@code NodeProto}s. */
  static List<MessageWriter> nodes(List<Node> nodes) {
    return nodes.stream().map(GraphEncoder::encode).toList();
  }

  private static MessageWriter encode(Node node) {
    var encoded =
        new MessageWriter()
            .texts(NodeProto.INPUT_FIELD_NUMBER, node.inputs())
            .texts(NodeProto.OUTPUT_FIELD_NUMBER, node.outputs())
            .text(NodeProto.NAME_FIELD_NUMBER, node.name())
            .text(NodeProto.OP_TYPE_FIELD_NUMBER, node.operator());
    node.attributes()
        .forEach(
            (name, value) ->
                encoded.message(NodeProto.ATTRIBUTE_FIELD_NUMBER, encode(name, value)));
    return encoded.text(NodeProto.DOMAIN_FIELD_NUMBER, node.domain());
  }

  private static MessageWriter encode(String name, Attribute attribute) {
    var encoded = new MessageWriter().text(AttributeProto.NAME_FIELD_NUMBER, name);
    if (attribute instanceof Attribute.Int number) {
      encoded.number(AttributeProto.I_FIELD_NUMBER, number.value());
    } else if (attribute instanceof Attribute.Real number) {
      encoded.real(AttributeProto.F_FIELD_NUMBER, (float) number.value());
    } else if (attribute instanceof Attribute.Text text) {
      encoded.bytes(AttributeProto.S_FIELD_NUMBER, ByteString.copyFromUtf8(text.value()));
    } else if (attribute instanceof Attribute.Ints numbers) {
      encoded.numbers(AttributeProto.INTS_FIELD_NUMBER, numbers.values());
    } else if (attribute instanceof Attribute.Constant constant) {
      encoded.message(AttributeProto.T_FIELD_NUMBER, TensorEncoder.encode("", constant.value()));
    } else if (attribute instanceof Attribute.Branch branch) {
      encoded.message(AttributeProto.G_FIELD_NUMBER, encode(branch.graph()));
    } else if (attribute instanceof Attribute.Reference reference) {
      encoded.text(AttributeProto.REF_ATTR_NAME_FIELD_NUMBER, reference.name());
    } else {
      throw new AssertionError("no encoding for " + attribute);
    }
    return encoded.number(AttributeProto.TYPE_FIELD_NUMBER, typeNumber(attribute));
  }

  private static int typeNumber(Attribute attribute) {
    if (attribute instanceof Attribute.Int) {
      return AttributeType.INT_VALUE;
    } else if (attribute instanceof Attribute.Real) {
      return AttributeType.FLOAT_VALUE;
    } else if (attribute instanceof Attribute.Text) {
      return AttributeType.STRING_VALUE;
    } else if (attribute instanceof Attribute.Ints) {
      return AttributeType.INTS_VALUE;
    } else if (attribute instanceof Attribute.Constant) {
      return AttributeType.TENSOR_VALUE;
    } else if (attribute instanceof Attribute.Branch) {
      return AttributeType.GRAPH_VALUE;
    } else if (attribute instanceof Attribute.Reference reference) {
      return typeNumber(reference.type());
    }
    throw new AssertionError("no type number for " + attribute);
  }
}
