package ai.transonnx.verification.internal.compare;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;

/** The elements of a tensor of any type as numbers. Immutable, so threads may share it. */
final class Elements {
  /** Reads one element. */
  @FunctionalInterface
  private interface Reader {
    double at(int index);
  }

  private final Reader reader;

  private Elements(Reader reader) {
    this.reader = reader;
  }

  static Elements of(Tensor tensor) {
    var data = tensor.data();
    return new Elements(
        switch (tensor.type()) {
          case FLOAT64 -> data.asDoubleBuffer()::get;
          case FLOAT32 -> i -> data.getFloat(i * Float.BYTES);
          case FLOAT16, BFLOAT16 -> {
            var values = tensor.floats();
            yield i -> values[i];
          }
          case BOOL -> i -> data.get(i) == 0 ? 0 : 1;
          case INT8 -> data::get;
          case UINT8 -> i -> Byte.toUnsignedInt(data.get(i));
          case INT16 -> i -> data.getShort(i * Short.BYTES);
          case UINT16 -> i -> Short.toUnsignedInt(data.getShort(i * Short.BYTES));
          case INT32 -> i -> data.getInt(i * Integer.BYTES);
          case UINT32 -> i -> Integer.toUnsignedLong(data.getInt(i * Integer.BYTES));
          case INT64, UINT64 -> i -> data.getLong(i * Long.BYTES);
          case INT4 ->
              throw new IllegalArgumentException("no output has the type " + tensor.type());
        });
  }

  double at(int index) {
    return reader.at(index);
  }

  /** The largest finite number of a type; of a type without fractions, infinity. */
  static double largest(ElementType type) {
    return switch (type) {
      case FLOAT16 -> 65504;
      case BFLOAT16 -> 0x1.FEp127;
      case FLOAT32 -> Float.MAX_VALUE;
      default -> Double.POSITIVE_INFINITY;
    };
  }
}
