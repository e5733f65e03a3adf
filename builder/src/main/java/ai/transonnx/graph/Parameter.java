package ai.transonnx.graph;

import ai.transonnx.format.ElementType;

/**
 * A weight of the graph: declared by a layer, filled by the exporter.
 *
 * <p>Immutable; threads may share it.
 *
 * @param name the initializer's name: the checkpoint's own where the tensor is stored as it is
 * @param elements the type in the graph; the checkpoint's may differ
 * @param source what it is made of
 */
public record Parameter(String name, ElementType elements, WeightExpression source) {
  public Shape shape() {
    return source.shape();
  }

  /** Whether the tensor differs from the checkpoint's own. */
  public boolean isDerived() {
    return !(source instanceof WeightExpression.Stored);
  }
}
