package ai.transonnx.graph;

import java.util.List;

/**
 * The value of a node's attribute. The most frequent kinds implement {@code equals} and {@code
 * hashCode} themselves, for the reason given at {@link TensorType}.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public sealed interface Attribute {
  /** An integer. */
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

  /** A float, which is written rounded to float32. */
  record Real(double value) implements Attribute {}

  /** A string. */
  record Text(String value) implements Attribute {}

  /** A list of integers. */
  record Ints(List<Long> values) implements Attribute {
    public Ints {
      values = List.copyOf(values);
    }
  }

  /** A tensor. */
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

  /** A graph, such as a branch of {@code If}. */
  record Branch(Graph graph) implements Attribute {
    /** Compares the outputs first: graphs that compute anything have outputs of their own. */
    @Override
    public boolean equals(Object other) {
      return other instanceof Branch same
          && graph.outputs().equals(same.graph.outputs())
          && graph.equals(same.graph);
    }

    /** The hash code of the outputs: that of all nodes would be computed for each lookup. */
    @Override
    public int hashCode() {
      return graph.outputs().hashCode();
    }
  }

  /**
   * In a function's body: a reference to the function's attribute {@code name}.
   *
   * @param type an attribute of the same kind; its value is not used
   */
  record Reference(String name, Attribute type) implements Attribute {}
}
