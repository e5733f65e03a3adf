package ai.transonnx.graph;

/** What is known of a tensor before the model runs: the type of its elements and its shape. */
public record TensorType(ElementType elements, Shape shape) {
  /** For example {@code float32 [batch, length, 16]}. */
  @Override
  public String toString() {
    return elements + " " + shape;
  }
}
