package ai.transonnx.graph;

import java.util.List;

/**
 * A model-local function: an operator of ours with a body of standard operators.
 *
 * <p>Immutable; threads may share it.
 *
 * @param attributes names of the attributes that a call gives
 */
public record Function(
    String domain,
    String name,
    String documentation,
    List<String> inputs,
    List<String> outputs,
    List<String> attributes,
    List<Node> nodes) {
  public Function {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = List.copyOf(attributes);
    nodes = List.copyOf(nodes);
  }
}
