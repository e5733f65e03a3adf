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

  /** Omits attributes except branches: nodes of one condition differ in nothing else. */
  @Override
  public int hashCode() {
    int hash = 31 * operator.hashCode() + inputs.hashCode();
    for (var attribute : attributes.values()) {
      if (attribute instanceof Attribute.Branch branch) {
        hash = 31 * hash + branch.hashCode();
      }
    }
    return hash;
  }
}
