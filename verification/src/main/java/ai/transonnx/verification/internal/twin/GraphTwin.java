package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the twin of one graph: the main one, or a branch or body inside of a node. */
final class GraphTwin {
  private final TwinContext context;
  private final @Nullable GraphTwin outer;
  private final TypeScope types;
  private final NodeList nodes;
  private final StoredValues stored;

  GraphTwin(TwinContext context, @Nullable GraphTwin outer) {
    this.context = context;
    this.outer = outer;
    this.types = new TypeScope(outer == null ? null : outer.types);
    this.nodes = new NodeList(context.names());
    this.stored = new StoredValues(outer == null ? null : outer.stored, nodes);
  }

  /**
   * Writes the graph.
   *
   * @param inputs the types of its inputs, where the file need not state them
   */
  GraphProto write(GraphProto graph, List<@Nullable StaticType> inputs) {
    var inference = TypeInference.begin(graph, inputs, types);
    var twin = GraphProto.newBuilder().setName(graph.getName());
    addStored(graph, twin);
    var writer = new NodeTwin(this, context, inference);
    for (var node : graph.getNodeList()) {
      writer.write(node);
      inference.add(node);
    }
    for (var output : graph.getOutputList()) {
      twin.addOutput(port(output).setName(outputName(output.getName())));
    }
    return twin.addAllNode(nodes.build()).build();
  }

  private void addStored(GraphProto graph, GraphProto.Builder twin) {
    Set<String> outputs =
        graph.getOutputList().stream().map(ValueInfoProto::getName).collect(Collectors.toSet());
    var initialized = new HashSet<String>();
    for (var tensor : graph.getInitializerList()) {
      var name = tensor.getName();
      initialized.add(name);
      boolean isFloat = StaticType.isFloat(tensor.getDataType());
      boolean isOutput = outer == null && isFloat && outputs.contains(name);
      var own = isOutput ? context.names().fresh(name + "/stored") : name;
      stored.add(name, own, isFloat, tensor.getDimsList());
      stored.addIntegers(name, tensor);
      twin.addInitializer(tensor.toBuilder().setName(own));
    }
    for (var tensor : graph.getSparseInitializerList()) {
      var name = tensor.getValues().getName();
      initialized.add(name);
      boolean isFloat = StaticType.isFloat(tensor.getValues().getDataType());
      stored.add(name, name, isFloat, tensor.getDimsList());
      twin.addSparseInitializer(tensor);
    }
    for (var input : graph.getInputList()) {
      if (!initialized.contains(input.getName())) {
        stored.addInput(input.getName());
        twin.addInput(port(input));
      }
    }
  }

  private ValueInfoProto.Builder port(ValueInfoProto port) {
    var changed = port.toBuilder();
    var type = types.find(port.getName());
    if (type.isEmpty()) {
      return changed;
    }
    if (changed.getType().hasTensorType() && !type.get().isSequence()) {
      changed.getTypeBuilder().getTensorTypeBuilder().setElemType(type.get().exact().elements());
    } else {
      changed.setType(type.get().exact().toProto());
    }
    return changed;
  }

  private String outputName(String value) {
    var used = stored.use(value);
    if (outer != null || used.equals(value)) {
      return used;
    }
    nodes.add(NodeProto.newBuilder().setOpType("Identity").addInput(used).addOutput(value));
    return value;
  }

  /** The twin of a graph inside of a node. */
  AttributeProto inner(AttributeProto attribute, List<@Nullable StaticType> inputs) {
    var changed = attribute.toBuilder();
    if (attribute.hasG()) {
      changed.setG(new GraphTwin(context, this).write(attribute.getG(), inputs));
    }
    return changed.build();
  }

  TypeScope types() {
    return types;
  }

  NodeList nodes() {
    return nodes;
  }

  StoredValues stored() {
    return stored;
  }

  /** The types of some values. */
  List<StaticType> typesOf(List<String> values) {
    var known = new ArrayList<StaticType>();
    for (var value : values) {
      if (!value.isEmpty()) {
        known.add(
            types
                .find(value)
                .orElseThrow(
                    () -> new NoTwinException("value '%s' has no known type".formatted(value))));
      }
    }
    return known;
  }
}
