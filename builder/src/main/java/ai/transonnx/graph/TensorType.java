package ai.transonnx.graph;

import ai.transonnx.format.ElementType;

/**
 * What is known of a tensor before the model runs: the type of its elements and its shape.
 *
 * <p>Types and shapes are compared all the time, first of all by programs that are soon over: a
 * record's generated {@code equals} and {@code hashCode} are linked on first use, which takes
 * milliseconds.
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
