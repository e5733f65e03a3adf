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

/** An array in a pickle: created empty and then given its state, or created from a buffer. */
final class NumpyArray implements TensorValue {
  private static final int AXES_INDEX = 4;

  private @Nullable TensorData data;
  private String problem = "an array is created, but its elements are never set";
  private boolean hasState;

  @Override
  public String description() {
    return data == null ? "an array" : "an array " + data.type();
  }

  @Override
  public TensorData data() {
    if (data == null) {
      throw new PickleException(problem);
    }
    return data;
  }

  /** Sets the state: (version, shape, type, whether the first index runs fastest, bytes). */
  @Override
  public void build(PickleValue state) {
    if (hasState) {
      throw new PickleException("an array's elements are set twice");
    }
    hasState = true;
    var parts =
        new Arguments(
            "an array's state", state instanceof Tuple tuple ? tuple.items() : List.of(state));
    try {
      setElements(parts);
    } catch (PickleException e) {
      problem = String.valueOf(e.getMessage());
    }
  }

  private void setElements(Arguments parts) {
    var sizes = parts.sizes(1, "its shape");
    var type = parts.value(2, "its type", PickledDtype.class).required();
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
        "an array of shape %s is too large for any file".formatted(Shape.of(sizes)));
  }

  /** {@code _frombuffer(buffer, type, shape, order[, axes])}, as in protocol 5. */
  static NumpyArray fromBuffer(Arguments arguments) {
    var bytes = arguments.value(0, "its buffer", Bytes.class);
    var type = arguments.value(1, "its type", PickledDtype.class).required();
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
      throw arguments.invalid(3, "its order");
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
            "%s: its axes are not a permutation of %s axes".formatted(arguments.owner(), rank));
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
    var type = arguments.value(0, "its type", PickledDtype.class).required();
    var bytes = arguments.value(1, "its value", Bytes.class);
    var array = new NumpyArray();
    array.data = data(bytes, type, new long[0], new long[0], new long[0]);
    return array;
  }
}
