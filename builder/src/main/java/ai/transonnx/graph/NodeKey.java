package ai.transonnx.graph;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What tells a node from others; its operands are told apart as objects. */
record NodeKey(
    String domain,
    String operator,
    List<@Nullable Value> inputs,
    Map<String, Attribute> attributes,
    List<TensorType> outputs) {
  NodeKey(NodeBuilder operation, List<TensorType> outputs) {
    this(
        operation.domain(),
        operation.operator(),
        operation.inputs(),
        operation.attributes(),
        outputs);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeKey same
        && operator.equals(same.operator)
        && inputs.equals(same.inputs)
        && domain.equals(same.domain)
        && attributes.equals(same.attributes)
        && outputs.equals(same.outputs);
  }

  /** Leaves out attributes, which may have graphs and tables in them. */
  @Override
  public int hashCode() {
    return 31 * operator.hashCode() + inputs.hashCode();
  }
}
