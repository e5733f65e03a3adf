package ai.transonnx.graph;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One application of an operator.
 *
 * <p>Immutable; threads may share it.
 *
 * @param name unique in its graph; starts with the path of the module that created the node
 * @param domain empty for ONNX's own operators
 * @param operator the operator's name
 * @param inputs names of values; an empty name stands for an omitted optional input
 * @param outputs names of the values that the node produces; an empty name stands for an optional
 *     output that is not computed
 * @param types the types of the outputs
 * @param attributes the attributes by name
 */
public record Node(
    String name,
    String domain,
    String operator,
    List<String> inputs,
    List<String> outputs,
    List<TensorType> types,
    SortedMap<String, Attribute> attributes) {
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    types = List.copyOf(types);
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
  }

  /** The graphs among the attributes: branches, or the body of a loop. */
  public List<Graph> branches() {
    return attributes.values().stream()
        .filter(Attribute.Branch.class::isInstance)
        .map(attribute -> ((Attribute.Branch) attribute).graph())
        .toList();
  }

  /** This node with the result of {@code rewriting} in place of each of its graphs. */
  Node withBranches(UnaryOperator<Graph> rewriting) {
    var rewritten = new TreeMap<>(attributes);
    rewritten.replaceAll(
        (attribute, value) ->
            value instanceof Attribute.Branch branch
                ? new Attribute.Branch(rewriting.apply(branch.graph()))
                : value);
    return new Node(name, domain, operator, inputs, outputs, types, rewritten);
  }

  /** A node that casts a value to another element type. */
  static Node cast(String from, String to, TensorType type) {
    var target = new Attribute.Int(type.elements().onnxNumber());
    return new Node(
        to + "/Cast",
        "",
        "Cast",
        List.of(from),
        List.of(to),
        List.of(type),
        new TreeMap<>(Map.of("to", target)));
  }
}
