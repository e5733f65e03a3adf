package ai.transonnx.graph;

import java.util.List;

/** The value of a node's attribute. */
public sealed interface Attribute {
  record Int(long value) implements Attribute {}

  record Real(float value) implements Attribute {}

  record Text(String value) implements Attribute {}

  record Ints(List<Long> values) implements Attribute {
    public Ints {
      values = List.copyOf(values);
    }
  }

  record Constant(Tensor value) implements Attribute {}

  /** A graph of its own, such as a branch of {@code If}. */
  record Branch(Graph graph) implements Attribute {}

  /** In a function's body: the value of the function's attribute {@code name}. */
  record Reference(String name, Attribute type) implements Attribute {}
}
