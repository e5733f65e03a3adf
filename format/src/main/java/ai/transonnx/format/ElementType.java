package ai.transonnx.format;

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
  BFLOAT16("bfloat16", 16, 2);

  private final String label;
  private final int onnxNumber;
  private final int bytes;

  ElementType(String label, int onnxNumber, int bytes) {
    this.label = label;
    this.onnxNumber = onnxNumber;
    this.bytes = bytes;
  }

  /** The number of {@code TensorProto.DataType}. */
  public int onnxNumber() {
    return onnxNumber;
  }

  /** The size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  public boolean isFloatingPoint() {
    return switch (this) {
      case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> true;
      default -> false;
    };
  }

  /** Whether this is a float of 16 bits. */
  public boolean isHalf() {
    return this == FLOAT16 || this == BFLOAT16;
  }

  /** The name that people and model metadata use, such as {@code float32}. */
  @Override
  public String toString() {
    return label;
  }
}
