package ai.transonnx.export.internal.numpy;

import ai.transonnx.export.internal.pickle.Arguments;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.weights.StridedContent;
import ai.transonnx.export.internal.weights.TensorData;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An array in a pickle: made empty, then given its state, or made at once of a buffer. */
final class NumpyArray implements TensorValue {
  private static final int AXES_INDEX = 4;

  private @Nullable TensorData data;

  @Override
  public String kind() {
    return data == null ? "an array without a state" : "an array " + data.type();
  }

  @Override
  public TensorData data() {
    if (data == null) {
      throw new PickleException("an array is made, but is given no elements");
    }
    return data;
  }

  /** Takes NumPy's tuple (version, shape, type, whether the first index runs fastest, bytes). */
  @Override
  public void build(PickleValue state) {
    if (data != null) {
      throw new PickleException("an array is given its elements twice");
    }
    var parts =
        new Arguments(
            "an array's state", state instanceof Tuple tuple ? tuple.items() : List.of(state));
    var sizes = parts.sizes(1, "its shape");
    var type = parts.value(2, "its type", NumpyTypeValue.class).type();
    boolean isColumnMajor = parts.flag(3, "its order");
    var bytes = parts.value(4, "its elements", Bytes.class);
    data = data(bytes, type, sizes, sizes, strides(sizes, isColumnMajor));
  }

  private static long[] strides(long[] sizes, boolean isColumnMajor) {
    try {
      return isColumnMajor ? StridedContent.columnMajor(sizes) : StridedContent.rowMajor(sizes);
    } catch (ArithmeticException e) {
      throw tooLarge(sizes);
    }
  }

  /**
   * Checks that the elements fill the bytes.
   *
   * @param stored the sizes in the order in which they are stored
   */
  private static TensorData data(
      Bytes bytes, NumpyType type, long[] stored, long[] sizes, long[] strides) {
    long needed;
    try {
      needed = Math.multiplyExact(Shape.of(stored).elements(), (long) type.elements().bytes());
    } catch (ArithmeticException e) {
      throw tooLarge(stored);
    }
    var tensorType = new TensorType(type.elements(), Shape.of(sizes));
    if (needed != bytes.length()) {
      throw new PickleException(
          "an array %s takes %s bytes, but has %s".formatted(tensorType, needed, bytes.length()));
    }
    var elements = type.littleEndian(bytes.content());
    return new TensorData(
        tensorType, StridedContent.of(elements, type.elements().bytes(), 0, sizes, strides));
  }

  private static PickleException tooLarge(long[] sizes) {
    return new PickleException(
        "an array's shape %s overflows the size of any file".formatted(Shape.of(sizes)));
  }

  /** {@code _frombuffer(buffer, type, shape, order[, axes])}: what protocol 5 writes. */
  static NumpyArray fromBuffer(Arguments arguments) {
    var bytes = arguments.value(0, "its buffer", Bytes.class);
    var type = arguments.value(1, "its type", NumpyTypeValue.class).type();
    var sizes = arguments.sizes(2, "its shape");
    String order = arguments.text(3, "its order");
    var array = new NumpyArray();
    if (order.equals("C") || order.equals("F")) {
      array.data = data(bytes, type, sizes, sizes, strides(sizes, order.equals("F")));
    } else if (order.equals("K") && arguments.count() > AXES_INDEX) {
      var axes = axes(arguments, sizes.length);
      var strides = strides(sizes, false);
      array.data = data(bytes, type, sizes, permuted(sizes, axes), permuted(strides, axes));
    } else {
      throw arguments.wrong(3, "its order");
    }
    return array;
  }

  private static int[] axes(Arguments arguments, int rank) {
    var axes = arguments.sizes(AXES_INDEX, "its axes");
    var seen = new boolean[rank];
    var order = new int[rank];
    for (int i = 0; i < rank; i++) {
      if (axes.length != rank || axes[i] >= rank || seen[(int) axes[i]]) {
        throw new PickleException(
            "%s: its axes are no order of %s axes".formatted(arguments.of(), rank));
      }
      order[i] = (int) axes[i];
      seen[order[i]] = true;
    }
    return order;
  }

  private static long[] permuted(long[] values, int[] axes) {
    var permuted = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      permuted[i] = values[axes[i]];
    }
    return permuted;
  }

  /** {@code scalar(type, bytes)}: an array of no dimensions. */
  static NumpyArray scalar(Arguments arguments) {
    var type = arguments.value(0, "its type", NumpyTypeValue.class).type();
    var bytes = arguments.value(1, "its value", Bytes.class);
    var array = new NumpyArray();
    array.data = data(bytes, type, new long[0], new long[0], new long[0]);
    return array;
  }
}
