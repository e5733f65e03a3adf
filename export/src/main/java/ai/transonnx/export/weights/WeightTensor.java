package ai.transonnx.export.weights;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;

/**
 * A tensor of a {@link WeightFile}.
 *
 * <p>Threads may share it until its file is closed.
 *
 * @param type the elements' type as stored, and the shape, all dimensions fixed
 * @param content the elements in row-major order, little-endian, {@link #byteCount} bytes
 */
public record WeightTensor(String name, TensorType type, Content content) {
  public ElementType elements() {
    return type.elements();
  }

  public Shape shape() {
    return type.shape();
  }

  /** The size of the elements in bytes. */
  public long byteCount() {
    return Math.multiplyExact(shape().elements(), (long) elements().bytes());
  }

  /** For example {@code to_q.weight: float16 [64, 16]}. */
  @Override
  public String toString() {
    return name + ": " + type;
  }
}
