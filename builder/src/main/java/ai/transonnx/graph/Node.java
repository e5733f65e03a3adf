package ai.transonnx.graph;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
}
