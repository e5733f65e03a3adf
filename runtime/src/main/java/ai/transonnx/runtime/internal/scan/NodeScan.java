package ai.transonnx.runtime.internal.scan;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.NodeProto;
import java.io.IOException;

/** Scans a node with its attributes, and the graphs that are attributes. */
final class NodeScan {
  private final Source source;
  private final Operators operators;
  private String domain = "";
  private String type = "";
  private int inputs;
  private int outputs;
  private long texts = 1;
  private long references;
  private long attributeBytes;
  private boolean hasGraph;

  private NodeScan(Source source, Operators operators) {
    this.source = source;
    this.operators = operators;
  }

  /** Scans a field that is a node, and adds it to {@code operators}. */
  static void field(Source source, Operators operators) throws IOException {
    var node = new NodeScan(source, operators);
    int size =
        source.message(
            node::read,
            NodeProto.OP_TYPE_FIELD_NUMBER,
            NodeProto.DOMAIN_FIELD_NUMBER,
            NodeProto.OVERLOAD_FIELD_NUMBER,
            NodeProto.NAME_FIELD_NUMBER);
    operators.add(node, size);
  }

  /** Scans a field that is an attribute of a function, with its default value. */
  static void defaultField(Source source, Operators operators) throws IOException {
    var node = new NodeScan(source, operators);
    node.attribute();
    if (node.hasGraph) {
      throw source.error("a function has a graph as the default of an attribute");
    }
  }

  String domain() {
    return domain;
  }

  String type() {
    return type;
  }

  int inputs() {
    return inputs;
  }

  int outputs() {
    return outputs;
  }

  /** The number of names of the node and its values. */
  long texts() {
    return texts;
  }

  /** The number of attributes that refer to an attribute of the function around the node. */
  long references() {
    return references;
  }

  /** The size of the attributes. */
  long attributeBytes() {
    return attributeBytes;
  }

  boolean hasGraph() {
    return hasGraph;
  }

  private void read(int number) throws IOException {
    switch (number) {
      case NodeProto.INPUT_FIELD_NUMBER -> {
        inputs++;
        texts++;
        source.name();
      }
      case NodeProto.OUTPUT_FIELD_NUMBER -> {
        outputs++;
        texts++;
        operators.checkOutput(source.name());
      }
      case NodeProto.OP_TYPE_FIELD_NUMBER -> type = source.name();
      case NodeProto.DOMAIN_FIELD_NUMBER -> domain = source.name();
      case NodeProto.NAME_FIELD_NUMBER, NodeProto.OVERLOAD_FIELD_NUMBER -> source.name();
      case NodeProto.ATTRIBUTE_FIELD_NUMBER -> attribute();
      default -> source.prose();
    }
  }

  private void attribute() throws IOException {
    attributeBytes +=
        source.message(
            this::attributeField,
            AttributeProto.NAME_FIELD_NUMBER,
            AttributeProto.REF_ATTR_NAME_FIELD_NUMBER,
            AttributeProto.TYPE_FIELD_NUMBER,
            AttributeProto.S_FIELD_NUMBER,
            AttributeProto.T_FIELD_NUMBER,
            AttributeProto.G_FIELD_NUMBER,
            AttributeProto.SPARSE_TENSOR_FIELD_NUMBER,
            AttributeProto.TP_FIELD_NUMBER);
  }

  private void attributeField(int number) throws IOException {
    switch (number) {
      case AttributeProto.NAME_FIELD_NUMBER -> source.name();
      case AttributeProto.REF_ATTR_NAME_FIELD_NUMBER -> {
        references += source.name().isEmpty() ? 0 : 1;
      }
      case AttributeProto.T_FIELD_NUMBER, AttributeProto.TENSORS_FIELD_NUMBER ->
          TensorScan.field(source);
      case AttributeProto.G_FIELD_NUMBER, AttributeProto.GRAPHS_FIELD_NUMBER -> {
        hasGraph = true;
        operators.enterSubgraph();
        GraphScan.field(source, operators);
        operators.leaveSubgraph();
      }
      case AttributeProto.SPARSE_TENSOR_FIELD_NUMBER, AttributeProto.SPARSE_TENSORS_FIELD_NUMBER ->
          source.dense(TensorScan.sparseField(source));
      case AttributeProto.TP_FIELD_NUMBER, AttributeProto.TYPE_PROTOS_FIELD_NUMBER ->
          TypeScan.inside(source).type();
      case AttributeProto.DOC_STRING_FIELD_NUMBER -> source.prose();
      default -> source.skip();
    }
  }
}
