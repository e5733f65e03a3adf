package ai.transonnx.graph;

import java.util.List;

/**
 * A finished graph. Every value has one producer, and nodes stand in an order in which each comes
 * after those that it uses.
 *
 * <p>Immutable; threads may share it.
 *
 * @param inputs what the caller gives; none for a branch
 * @param nodes the computation
 * @param constants small tensors by name
 * @param parameters weights by name; only the main graph has any
 */
public record Graph(
    String name,
    List<Value> inputs,
    List<Value> outputs,
    List<Node> nodes,
    List<Constant> constants,
    List<Parameter> parameters) {
  public Graph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    constants = List.copyOf(constants);
    parameters = List.copyOf(parameters);
  }
}
