package ai.transonnx.graph;

import java.util.List;

/**
 * The value of a node's attribute. Those that most nodes have say themselves what makes them equal,
 * for the reason that {@link TensorType} gives.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public sealed interface Attribute {
  record Int(long value) implements Attribute {
    @Override
    public boolean equals(Object other) {
      return other instanceof Int same && value == same.value;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(value);
    }
  }

  record Real(float value) implements Attribute {}

  record Text(String value) implements Attribute {}

  record Ints(List<Long> values) implements Attribute {
    public Ints {
      values = List.copyOf(values);
    }
  }

  record Constant(Tensor value) implements Attribute {
    @Override
    public boolean equals(Object other) {
      return other instanceof Constant same && value.equals(same.value);
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }
  }

  /** A graph of its own, such as a branch of {@code If}. */
  record Branch(Graph graph) implements Attribute {}

  /** In a function's body: the value of the function's attribute {@code name}. */
  record Reference(String name, Attribute type) implements Attribute {}
}
