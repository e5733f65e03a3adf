package ai.transonnx.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A node of an unfinished graph: its values may still be renamed. */
record PendingNode(
    String name,
    String domain,
    String operator,
    List<@Nullable Value> inputs,
    List<Value> outputs,
    SortedMap<String, Attribute> attributes) {
  static PendingNode of(String name, NodeBuilder operation, List<Value> outputs) {
    return new PendingNode(
        name,
        operation.domain(),
        operation.operator(),
        operation.inputs(),
        List.copyOf(outputs),
        operation.attributes());
  }

  /**
   * Fixes the names of the operands: a finished branch refers to values of the enclosing graph by
   * name.
   */
  void keepNames() {
    inputs.stream().filter(Objects::nonNull).forEach(Value::keepName);
  }

  Node finish() {
    var types = new ArrayList<TensorType>(outputs.size());
    outputs.forEach(output -> types.add(output.type()));
    return new Node(name, domain, operator, names(inputs), names(outputs), types, attributes);
  }

  private static List<String> names(List<? extends @Nullable Value> values) {
    var names = new ArrayList<String>(values.size());
    for (var value : values) {
      names.add(value == null ? "" : value.name());
    }
    return names;
  }
}
