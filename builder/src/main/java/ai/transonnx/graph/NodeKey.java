package ai.transonnx.graph;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a node: two nodes with equal keys compute the same values. Operands are compared
 * by identity.
 */
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

  /** Omits attributes, which may contain graphs and tables. */
  @Override
  public int hashCode() {
    return 31 * operator.hashCode() + inputs.hashCode();
  }
}
