package ai.transonnx.graph;

import ai.transonnx.format.ElementType;

/**
 * The static type of a tensor: its element type and its shape.
 *
 * <p>{@code equals} and {@code hashCode} are written by hand because the generated methods of a
 * record are linked on first use, which takes milliseconds. Every program that builds a graph
 * compares types and shapes, including short-lived ones.
 *
 * <p>Immutable; threads may share it.
 */
public record TensorType(ElementType elements, Shape shape) {
  @Override
  public boolean equals(Object other) {
    return other instanceof TensorType type
        && elements == type.elements
        && shape.equals(type.shape);
  }

  @Override
  public int hashCode() {
    return 31 * elements.hashCode() + shape.hashCode();
  }

  /** For example {@code float32 [batch, length, 16]}. */
  @Override
  public String toString() {
    return elements + " " + shape;
  }
}
