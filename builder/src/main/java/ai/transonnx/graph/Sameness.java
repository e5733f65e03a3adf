package ai.transonnx.graph;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What tells a node from others; its operands are told apart as objects. */
record Sameness(
    String domain,
    String operator,
    List<@Nullable Value> inputs,
    Map<String, Attribute> attributes,
    List<TensorType> outputs) {
  Sameness(Operation operation, List<TensorType> outputs) {
    this(
        operation.domain(),
        operation.operator(),
        operation.inputs(),
        operation.attributes(),
        outputs);
  }
}
