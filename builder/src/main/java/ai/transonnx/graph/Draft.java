package ai.transonnx.graph;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A node of a body that is not finished: its values may still be renamed. */
record Draft(
    String name,
    String domain,
    String operator,
    List<@Nullable Value> inputs,
    List<Value> outputs,
    Map<String, Attribute> attributes) {
  static Draft of(String name, Operation operation, List<Value> outputs) {
    return new Draft(
        name,
        operation.domain(),
        operation.operator(),
        operation.inputs(),
        List.copyOf(outputs),
        operation.attributes());
  }

  /** A finished branch knows the values around it by name. */
  void keepNames() {
    inputs.stream().filter(Objects::nonNull).forEach(Value::keepName);
  }

  Node finish() {
    return new Node(
        name,
        domain,
        operator,
        inputs.stream().map(v -> v == null ? "" : v.name()).toList(),
        outputs.stream().map(Value::name).toList(),
        outputs.stream().map(Value::type).toList(),
        new TreeMap<>(attributes));
  }
}
