package ai.transonnx.graph;

import ai.transonnx.format.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A small constant that an architecture needs, such as a slice's bounds or a table of exponents.
 * Weights are {@linkplain Parameter parameters} instead.
 *
 * <p>Two tensors with the same type, shape and bytes are equal.
 *
 * <p>Immutable; threads may share it.
 */
public final class Tensor {
  private final TensorType type;
  private final ByteBuffer bytes;

  private Tensor(ElementType elements, Shape shape, ByteBuffer bytes) {
    this.type = new TensorType(elements, shape);
    this.bytes = bytes.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long expected = shape.elements() * elements.bytes();
    if (this.bytes.remaining() != expected) {
      throw new GraphException(
          "a tensor of type %s has %s bytes, got %s"
              .formatted(type, expected, this.bytes.remaining()));
    }
  }

  /** An int64 vector. */
  public static Tensor vector(long... values) {
    return of(Shape.of(values.length), values);
  }

  /** An int64 scalar. */
  public static Tensor scalar(long value) {
    return of(Shape.SCALAR, value);
  }

  /** A float32 scalar. */
  public static Tensor scalar(float value) {
    return of(Shape.SCALAR, value);
  }

  /**
   * A scalar of a floating-point type, with the value rounded to it.
   *
   * @throws GraphException if {@code type} is not a floating-point type
   */
  public static Tensor scalar(ElementType type, double value) {
    return of(type, Shape.SCALAR, value);
  }

  /** An int64 tensor, in row-major order. */
  public static Tensor of(Shape shape, long... values) {
    var bytes = allocate(ElementType.INT64, values.length);
    bytes.asLongBuffer().put(values);
    return new Tensor(ElementType.INT64, shape, bytes.position(bytes.limit()));
  }

  /** A float32 tensor, in row-major order. */
  public static Tensor of(Shape shape, float... values) {
    var bytes = allocate(ElementType.FLOAT32, values.length);
    bytes.asFloatBuffer().put(values);
    return new Tensor(ElementType.FLOAT32, shape, bytes.position(bytes.limit()));
  }

  /** An int8 tensor, in row-major order. */
  public static Tensor of(Shape shape, byte... values) {
    var bytes = allocate(ElementType.INT8, values.length).put(values);
    return new Tensor(ElementType.INT8, shape, bytes);
  }

  /** A float64 tensor, in row-major order. */
  public static Tensor of(Shape shape, double... values) {
    return of(ElementType.FLOAT64, shape, values);
  }

  /**
   * A tensor of a floating-point type, in row-major order, with the values rounded to it.
   *
   * @throws GraphException if {@code type} is not a floating-point type
   */
  public static Tensor of(ElementType type, Shape shape, double... values) {
    var bytes = allocate(type, values.length);
    for (double value : values) {
      switch (type) {
        case FLOAT64 -> bytes.putDouble(value);
        case FLOAT32 -> bytes.putFloat((float) value);
        default -> bytes.putShort(HalfFloat.narrow(type, (float) value));
      }
    }
    return new Tensor(type, shape, bytes);
  }

  private static ByteBuffer allocate(ElementType type, int elements) {
    return ByteBuffer.allocate(Math.multiplyExact(elements, type.bytes()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The element type and shape. */
  public TensorType type() {
    return type;
  }

  /** The elements in row-major order, little-endian; each call returns a separate view. */
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor tensor && tensor.type.equals(type) && tensor.bytes.equals(bytes);
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + bytes.hashCode();
  }

  @Override
  public String toString() {
    return "constant " + type;
  }
}
