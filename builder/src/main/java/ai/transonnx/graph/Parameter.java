package ai.transonnx.graph;

import ai.transonnx.format.ElementType;

/**
 * A weight of the graph: a layer declares it, and the exporter supplies its values.
 *
 * <p>Immutable; threads may share it.
 *
 * @param name the initializer's name; the tensor's name in the checkpoint if the tensor is stored
 *     unchanged
 * @param elements the element type in the graph; the checkpoint's may differ
 * @param source the expression that computes it from the checkpoint's tensors
 */
public record Parameter(String name, ElementType elements, WeightExpression source) {
  /** The shape in the graph, all dimensions fixed. */
  public Shape shape() {
    return source.shape();
  }

  /** The type that the checkpoint's tensors are converted to before the expression is computed. */
  public ElementType sourceElements() {
    return source instanceof QuantizedPart ? ElementType.FLOAT32 : elements;
  }

  /** Whether the tensor is computed from the checkpoint's tensors, rather than stored unchanged. */
  public boolean isDerived() {
    return !(source instanceof WeightExpression.Stored);
  }
}
