package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Infers the types of the values of a graph, node by node. A type that a file states is used only
 * where the operator is unknown.
 */
final class TypeInference {
  private final TypeScope scope;
  private final Map<String, StaticType> stated = new HashMap<>();

  private TypeInference(GraphProto graph, TypeScope scope) {
    this.scope = scope;
    graph.getValueInfoList().forEach(this::state);
    graph.getOutputList().forEach(this::state);
  }

  private void state(ValueInfoProto value) {
    StaticType.of(value.getType()).ifPresent(type -> stated.put(value.getName(), type));
  }

  /**
   * Prepares the inference of a graph: its inputs and initializers have types.
   *
   * @param inputs the types of the inputs; those that are {@code null} or missing are as stated
   */
  static TypeInference begin(GraphProto graph, List<@Nullable StaticType> inputs, TypeScope scope) {
    for (int i = 0; i < graph.getInputCount(); i++) {
      var port = graph.getInput(i);
      var given = i < inputs.size() ? inputs.get(i) : null;
      if (given != null) {
        scope.put(port.getName(), given);
      } else {
        StaticType.of(port.getType()).ifPresent(type -> scope.put(port.getName(), type));
      }
    }
    for (var tensor : graph.getInitializerList()) {
      scope.put(tensor.getName(), StaticType.tensor(tensor.getDataType()));
    }
    for (var tensor : graph.getSparseInitializerList()) {
      var values = tensor.getValues();
      scope.put(values.getName(), StaticType.tensor(values.getDataType()));
    }
    return new TypeInference(graph, scope);
  }

  /** The types of all values of a graph that can be inferred. */
  static TypeScope of(
      GraphProto graph, List<@Nullable StaticType> inputs, @Nullable TypeScope outer) {
    var scope = new TypeScope(outer);
    var inference = begin(graph, inputs, scope);
    graph.getNodeList().forEach(inference::add);
    return scope;
  }

  /** Infers the types of a node's outputs. */
  void add(NodeProto node) {
    var branches = outputsOfGraphs(node);
    for (int i = 0; i < node.getOutputCount(); i++) {
      var name = node.getOutput(i);
      var type =
          branches.isPresent()
              ? Optional.ofNullable(i < branches.get().size() ? branches.get().get(i) : null)
              : OperatorTypes.output(node, i, scope);
      type.or(() -> Optional.ofNullable(stated.get(name))).ifPresent(t -> scope.put(name, t));
    }
  }

  private Optional<List<@Nullable StaticType>> outputsOfGraphs(NodeProto node) {
    return switch (OperatorTypes.key(node)) {
      case "If" -> Optional.of(outputs(graph(node, "then_branch"), List.of()));
      case "Loop" -> {
        var outputs = outputs(graph(node, "body"), bodyInputs(node));
        yield Optional.of(outputs.subList(Math.min(1, outputs.size()), outputs.size()));
      }
      case "Scan" -> Optional.of(outputs(graph(node, "body"), bodyInputs(node)));
      default -> Optional.empty();
    };
  }

  /** The types of the inputs of a node's body. */
  List<@Nullable StaticType> bodyInputs(NodeProto node) {
    var types = new ArrayList<@Nullable StaticType>();
    boolean isLoop = OperatorTypes.key(node).equals("Loop");
    if (isLoop) {
      types.add(StaticType.tensor(DataType.INT64));
      types.add(StaticType.tensor(DataType.BOOL));
    }
    node.getInputList().stream()
        .skip(isLoop ? 2 : 0)
        .forEach(value -> types.add(scope.find(value).orElse(null)));
    return types;
  }

  private List<@Nullable StaticType> outputs(GraphProto graph, List<@Nullable StaticType> inputs) {
    var inner = of(graph, inputs, scope);
    var types = new ArrayList<@Nullable StaticType>();
    for (var output : graph.getOutputList()) {
      types.add(
          inner.find(output.getName()).or(() -> StaticType.of(output.getType())).orElse(null));
    }
    return types;
  }

  private static GraphProto graph(NodeProto node, String attribute) {
    return Attributes.find(node, attribute)
        .map(AttributeProto::getG)
        .orElse(GraphProto.getDefaultInstance());
  }
}
