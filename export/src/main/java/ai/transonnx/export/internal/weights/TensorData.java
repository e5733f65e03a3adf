package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;

/**
 * A tensor without a name.
 *
 * @param type the elements' type as stored, and the shape, all dimensions fixed
 * @param content the elements in row-major order, little-endian
 */
public record TensorData(TensorType type, Content content) {
  /** The tensor with a name. */
  public WeightTensor named(String name) {
    return new WeightTensor(name, type, content);
  }

  public ElementType elements() {
    return type.elements();
  }

  public Shape shape() {
    return type.shape();
  }

  /**
   * The size of the elements in bytes.
   *
   * @throws ArithmeticException if it does not fit a long
   */
  public long byteCount() {
    return Math.multiplyExact(shape().elements(), (long) elements().bytes());
  }
}
