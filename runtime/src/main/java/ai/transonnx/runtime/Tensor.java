package ai.transonnx.runtime;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor's element type, shape and elements, row-major and little endian.
 *
 * <pre>{@code
 * Tensor tokens = Tensor.ofLongs(new long[] {7, 8, 9}, 1, 3); // [b, n]
 * tokens.shape(); // {1, 3}
 * Tensor.ofLongs(new long[] {7, 8, 9}, 2, 2); // RequestException: 3 elements for shape [2, 2]
 * }</pre>
 *
 * <p>A tensor shares the elements of the buffer that it was created from. ONNX Runtime reads a
 * direct buffer in place; any other is copied once for each call.
 */
public final class Tensor {
  private final ElementType type;
  private final long[] shape;
  private final ByteBuffer data;

  private Tensor(ElementType type, long[] shape, ByteBuffer data) {
    this.type = type;
    this.shape = shape;
    this.data = data;
  }

  /**
   * A tensor over the bytes that remain in {@code data}.
   *
   * @throws RequestException if a size is negative, or the shape needs another number of bytes
   */
  public static Tensor of(ElementType type, ByteBuffer data, long... shape) {
    long elements = elements(shape);
    if (data.remaining() % type.bytes() != 0 || data.remaining() / type.bytes() != elements) {
      throw new RequestException(
          "%s bytes do not fit %s%s".formatted(data.remaining(), type, text(shape)));
    }
    return new Tensor(type, shape.clone(), data.slice().order(ByteOrder.LITTLE_ENDIAN));
  }

  /**
   * A copy of some rows, which are the slices along the first dimension.
   *
   * @throws RequestException if there is no such row
   */
  public Tensor rows(List<Integer> rows) {
    int all = shape.length == 0 ? 0 : (int) shape[0];
    int bytes = all == 0 ? 0 : data.remaining() / all;
    var picked = ByteBuffer.allocateDirect(Math.multiplyExact(rows.size(), bytes));
    for (int row : rows) {
      if (row < 0 || row >= all) {
        throw new RequestException("there is no row %s in %s".formatted(row, this));
      }
      picked.put(data.slice(row * bytes, bytes));
    }
    var sizes = shape.clone();
    sizes[0] = rows.size();
    return of(type, picked.flip(), sizes);
  }

  /** A tensor of zeros, or of false, in a direct buffer. */
  public static Tensor zeros(ElementType type, long... shape) {
    long elements = elements(shape);
    if (elements > Integer.MAX_VALUE / type.bytes()) {
      throw new MemoryLimitException(type + text(shape) + " is larger than 2 GiB");
    }
    ByteBuffer data = ByteBuffer.allocateDirect((int) elements * type.bytes());
    return new Tensor(type, shape.clone(), data.order(ByteOrder.LITTLE_ENDIAN));
  }

  /**
   * The state that a sequence of {@code batch} rows begins with: zeros.
   *
   * @throws MemoryLimitException if they are larger than 2 GiB
   */
  public static Tensor zeros(StateTensor state, int batch) {
    return zeros(state.type(), state.firstShape(batch));
  }

  /** A float32 tensor with a copy of {@code values}. */
  public static Tensor ofFloats(float[] values, long... shape) {
    Tensor tensor = sized(ElementType.FLOAT32, values.length, shape);
    tensor.data.asFloatBuffer().put(values);
    return tensor;
  }

  /** A float64 tensor with a copy of {@code values}. */
  public static Tensor ofDoubles(double[] values, long... shape) {
    Tensor tensor = sized(ElementType.FLOAT64, values.length, shape);
    tensor.data.asDoubleBuffer().put(values);
    return tensor;
  }

  /** An int64 tensor with a copy of {@code values}. */
  public static Tensor ofLongs(long[] values, long... shape) {
    Tensor tensor = sized(ElementType.INT64, values.length, shape);
    tensor.data.asLongBuffer().put(values);
    return tensor;
  }

  /** A bool tensor with a copy of {@code values}. */
  public static Tensor ofBooleans(boolean[] values, long... shape) {
    Tensor tensor = sized(ElementType.BOOL, values.length, shape);
    for (int i = 0; i < values.length; i++) {
      tensor.data.put(i, (byte) (values[i] ? 1 : 0));
    }
    return tensor;
  }

  public ElementType type() {
    return type;
  }

  public long[] shape() {
    return shape.clone();
  }

  /** The number of elements. */
  public int size() {
    return data.capacity() / type.bytes();
  }

  /** The bytes of the elements, read-only. */
  public ByteBuffer data() {
    return data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The elements of a floating-point tensor, as float32; float64 is rounded to the nearest.
   *
   * @throws RequestException if the type is another
   */
  public float[] floats() {
    var values = new float[size()];
    FloatConversion.read(type, data, 0, values, values.length);
    return values;
  }

  /**
   * The elements of a floating-point tensor, as float64.
   *
   * @throws RequestException if the type is another
   */
  public double[] doubles() {
    var values = new double[size()];
    FloatConversion.read(type, data, 0, values, values.length);
    return values;
  }

  /**
   * Copies elements of a floating-point tensor, as many as {@code target} has.
   *
   * @param first the index of the first element
   * @throws RequestException if the type is another, or there are not as many elements
   */
  public void doubles(int first, double[] target) {
    if (first < 0 || first > size() - target.length) {
      throw new RequestException(
          "%s has no %s elements from index %s on".formatted(this, target.length, first));
    }
    FloatConversion.read(type, data, first, target, target.length);
  }

  /**
   * This tensor with floating-point elements of another type, rounded to the nearest.
   *
   * @throws RequestException if one of the types is not a floating-point type
   */
  public Tensor as(ElementType other) {
    if (other == type) {
      return this;
    }
    var converted = zeros(other, shape);
    if (other == ElementType.FLOAT64) {
      converted.data.asDoubleBuffer().put(doubles());
    } else {
      FloatConversion.write(other, floats(), converted.data);
    }
    return converted;
  }

  /**
   * The elements of a tensor of signed integers.
   *
   * @throws RequestException if the type is another
   */
  public long[] longs() {
    var values = new long[size()];
    switch (type) {
      case INT64 -> data.asLongBuffer().get(values);
      case INT32 -> Arrays.setAll(values, data.asIntBuffer()::get);
      case INT16 -> Arrays.setAll(values, data.asShortBuffer()::get);
      case INT8 -> Arrays.setAll(values, data::get);
      default -> throw new RequestException(this + " has no signed integers");
    }
    return values;
  }

  /**
   * The elements of a bool tensor.
   *
   * @throws RequestException if the type is another
   */
  public boolean[] booleans() {
    if (type != ElementType.BOOL) {
      throw new RequestException(this + " has no booleans");
    }
    var values = new boolean[size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.get(i) != 0;
    }
    return values;
  }

  /** The buffer itself, which ONNX Runtime reads. */
  ByteBuffer buffer() {
    return data;
  }

  private static Tensor sized(ElementType type, int values, long[] shape) {
    if (elements(shape) != values) {
      throw new RequestException("%s elements for shape %s".formatted(values, text(shape)));
    }
    return zeros(type, shape);
  }

  private static long elements(long[] shape) {
    long elements = 1;
    boolean tooMany = false;
    for (long size : shape) {
      if (size < 0) {
        throw new RequestException("shape " + text(shape) + " has a negative size");
      }
      tooMany |= Math.multiplyHigh(elements, size) != 0 || elements * size < 0;
      elements *= size;
    }
    if (tooMany && Arrays.stream(shape).noneMatch(size -> size == 0)) {
      throw new RequestException("shape " + text(shape) + " has too many elements");
    }
    return elements;
  }

  private static String text(long[] shape) {
    return Arrays.toString(shape);
  }

  /** Such as {@code float32[1, 3]}; elements are not included. */
  @Override
  public String toString() {
    return type + text(shape);
  }
}
