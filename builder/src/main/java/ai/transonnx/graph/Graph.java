package ai.transonnx.graph;

import java.util.List;

/**
 * A finished graph. Each value has one producer. Nodes are in topological order: each comes after
 * the nodes whose outputs it uses.
 *
 * <p>Immutable; threads may share it.
 *
 * @param inputs the graph's inputs; a branch of {@code If} has none
 * @param outputs the graph's outputs
 * @param nodes the computation
 * @param constants named small tensors
 * @param parameters the weights; only the main graph has any
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

  /** This graph with other nodes. */
  Graph withNodes(List<Node> others) {
    return new Graph(name, inputs, outputs, others, constants, parameters);
  }
}
