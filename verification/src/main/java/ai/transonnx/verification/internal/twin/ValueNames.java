package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of values in a model, in all of its graphs. */
final class ValueNames {
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();

  static ValueNames of(ModelProto model) {
    var names = new ValueNames();
    names.addGraph(model.getGraph());
    return names;
  }

  private void addGraph(GraphProto graph) {
    graph.getInputList().stream().map(ValueInfoProto::getName).forEach(taken::add);
    graph.getInitializerList().stream().map(TensorProto::getName).forEach(taken::add);
    graph.getSparseInitializerList().forEach(t -> taken.add(t.getValues().getName()));
    addNodes(graph.getNodeList());
  }

  private void addNodes(List<NodeProto> nodes) {
    for (var node : nodes) {
      taken.addAll(node.getOutputList());
      for (var attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          addGraph(attribute.getG());
        }
        attribute.getGraphsList().forEach(this::addGraph);
      }
    }
  }

  /** A name that no value has: {@code base}, or {@code base} with a number. */
  String fresh(String base) {
    if (taken.add(base)) {
      return base;
    }
    while (true) {
      int count = counts.merge(base, 1, Integer::sum);
      var name = base + "~" + count;
      if (taken.add(name)) {
        return name;
      }
    }
  }
}
