package ai.transonnx.graph;

import java.util.List;

/**
 * A model-local function of ONNX: a named operator whose body consists of standard operators.
 *
 * <p>Immutable; threads may share it.
 *
 * @param documentation the documentation that is written into the file
 * @param inputs names of the inputs
 * @param outputs names of the outputs
 * @param attributes names of the attributes that each call sets
 * @param nodes the body
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
