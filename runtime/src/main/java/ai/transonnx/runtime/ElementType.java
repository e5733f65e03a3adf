package ai.transonnx.runtime;

import java.util.Optional;
import java.util.stream.Stream;

/** The type of a tensor's elements. */
public enum ElementType {
  FLOAT32("float32", 4),
  FLOAT64("float64", 8),
  FLOAT16("float16", 2),
  BFLOAT16("bfloat16", 2),
  INT8("int8", 1),
  UINT8("uint8", 1),
  INT16("int16", 2),
  INT32("int32", 4),
  INT64("int64", 8),
  BOOL("bool", 1);

  private final String label;
  private final int bytes;

  ElementType(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /** The type that {@link #toString} calls {@code label}. */
  public static Optional<ElementType> named(String label) {
    return Stream.of(values()).filter(type -> type.label.equals(label)).findFirst();
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

  /** The name that people and model metadata use, such as {@code float32}. */
  @Override
  public String toString() {
    return label;
  }
}
