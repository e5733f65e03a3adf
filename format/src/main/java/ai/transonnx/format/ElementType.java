package ai.transonnx.format;

import java.util.Optional;
import java.util.stream.Stream;

/** The type of a tensor's elements, with ONNX's number for it. */
public enum ElementType {
  FLOAT32("float32", 1, 4),
  UINT8("uint8", 2, 1),
  INT8("int8", 3, 1),
  UINT16("uint16", 4, 2),
  INT16("int16", 5, 2),
  INT32("int32", 6, 4),
  INT64("int64", 7, 8),
  BOOL("bool", 9, 1),
  FLOAT16("float16", 10, 2),
  FLOAT64("float64", 11, 8),
  UINT32("uint32", 12, 4),
  UINT64("uint64", 13, 8),
  BFLOAT16("bfloat16", 16, 2),
  /**
   * Signed numbers of 4 bits, two in a byte, the first in the lower bits. Only weights of quantized
   * models have it: no state, no input or output, no tensor of a checkpoint.
   */
  INT4("int4", 22, 0);

  private final String label;
  private final int onnxNumber;
  private final int bytes;

  ElementType(String label, int onnxNumber, int bytes) {
    this.label = label;
    this.onnxNumber = onnxNumber;
    this.bytes = bytes;
  }

  /** The type that {@link #toString} names {@code label}. */
  public static Optional<ElementType> named(String label) {
    return Stream.of(values()).filter(type -> type.label.equals(label)).findFirst();
  }

  /** The type with this number in {@code TensorProto.DataType}, if it is one of these. */
  public static Optional<ElementType> ofOnnxNumber(int number) {
    return Stream.of(values()).filter(type -> type.onnxNumber == number).findFirst();
  }

  /** The number in {@code TensorProto.DataType}. */
  public int onnxNumber() {
    return onnxNumber;
  }

  /**
   * The size of one element in bytes.
   *
   * @throws IllegalStateException if the type {@linkplain #isPacked is packed}
   */
  public int bytes() {
    if (isPacked()) {
      throw new IllegalStateException(this + " has several elements in a byte");
    }
    return bytes;
  }

  /**
   * The size of a tensor in bytes.
   *
   * @throws ArithmeticException if the number does not fit a long
   */
  public long bytes(long elements) {
    return isPacked() ? elements / 2 + elements % 2 : Math.multiplyExact(elements, (long) bytes);
  }

  /** Whether a byte has several elements. */
  public boolean isPacked() {
    return this == INT4;
  }

  /** Whether this is a floating-point type of any width. */
  public boolean isFloatingPoint() {
    return switch (this) {
      case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> true;
      default -> false;
    };
  }

  /** Whether this is float16 or bfloat16. */
  public boolean isHalf() {
    return this == FLOAT16 || this == BFLOAT16;
  }

  /** The name in model metadata and messages, such as {@code float32}. */
  @Override
  public String toString() {
    return label;
  }
}
