package ai.transonnx.verification.internal.call;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The sizes of the tables that the inputs of a graph are indices of. */
final class TableLimits {
  /** Operators whose first operand's elements are elements of the result. */
  private static final Set<String> KEEP_ELEMENTS =
      Set.of(
          "Cast",
          "Expand",
          "Flatten",
          "Identity",
          "Reshape",
          "Slice",
          "Squeeze",
          "Transpose",
          "Unsqueeze");

  /** Those that keep the shape as well. */
  private static final Set<String> KEEP_ROWS = Set.of("Cast", "Identity");

  private final Map<String, TensorProto> tables = new HashMap<>();
  private final Map<String, String> inputs = new HashMap<>();
  private final Map<String, Long> limits = new HashMap<>();

  private TableLimits() {}

  /** The smallest number of rows of a table, for each input that is an index of one. */
  static Map<String, Long> of(GraphProto graph) {
    var search = new TableLimits();
    var constants = new HashSet<String>();
    for (var tensor : graph.getInitializerList()) {
      search.tables.put(tensor.getName(), tensor);
      constants.add(tensor.getName());
    }
    for (var input : graph.getInputList()) {
      if (!constants.contains(input.getName())) {
        search.inputs.put(input.getName(), input.getName());
      }
    }
    graph.getNodeList().forEach(search::visit);
    return search.limits;
  }

  private void visit(NodeProto node) {
    if (!node.getDomain().isEmpty() || node.getInputCount() == 0 || node.getOutputCount() == 0) {
      return;
    }
    if (KEEP_ELEMENTS.contains(node.getOpType())) {
      follow(inputs, node);
    }
    if (KEEP_ROWS.contains(node.getOpType())) {
      follow(tables, node);
    }
    if (node.getOpType().equals("Gather") && node.getInputCount() == 2) {
      var table = tables.get(node.getInput(0));
      var input = inputs.get(node.getInput(1));
      int axis = axis(node);
      if (table != null && input != null && axis >= 0 && axis < table.getDimsCount()) {
        limits.merge(input, table.getDims(axis), Math::min);
      }
    }
  }

  private static <V> void follow(Map<String, V> known, NodeProto node) {
    var source = known.get(node.getInput(0));
    if (source != null) {
      known.put(node.getOutput(0), source);
    }
  }

  private static int axis(NodeProto node) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getName().equals("axis")) {
        return (int) attribute.getI();
      }
    }
    return 0;
  }
}
