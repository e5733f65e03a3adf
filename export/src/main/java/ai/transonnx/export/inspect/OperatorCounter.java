package ai.transonnx.export.inspect;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.wire.MessageReader;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts operators, including those in subgraphs of nodes. */
final class OperatorCounter {
  private final MessageReader input;
  private final SortedMap<String, Long> counts = new TreeMap<>();

  OperatorCounter(MessageReader input) {
    this.input = input;
  }

  SortedMap<String, Long> counts() {
    return counts;
  }

  /** Reads a field that is a node. */
  void node() throws IOException {
    var node = new Node();
    input.message(node::field);
    String operator = node.domain.isEmpty() ? node.name : node.domain + "." + node.name;
    if (counts.merge(operator, 1L, Long::sum) == 1) {
      input.keep(operator.length());
    }
  }

  private void attribute(int number) throws IOException {
    switch (number) {
      case AttributeProto.G_FIELD_NUMBER, AttributeProto.GRAPHS_FIELD_NUMBER ->
          input.message(this::branch);
      default -> input.skip();
    }
  }

  private void branch(int number) throws IOException {
    if (number == GraphProto.NODE_FIELD_NUMBER) {
      node();
    } else {
      input.skip();
    }
  }

  private final class Node {
    private String domain = "";
    private String name = "";

    void field(int number) throws IOException {
      switch (number) {
        case NodeProto.DOMAIN_FIELD_NUMBER -> domain = input.passingText();
        case NodeProto.OP_TYPE_FIELD_NUMBER -> name = input.passingText();
        case NodeProto.ATTRIBUTE_FIELD_NUMBER -> input.message(OperatorCounter.this::attribute);
        default -> input.skip();
      }
    }
  }
}
