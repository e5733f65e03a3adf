package ai.transonnx.export.internal.numpy;

import ai.transonnx.export.internal.weights.BigEndianContent;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.ElementType;
import java.util.Map;
import java.util.Optional;

/** NumPy's element type of an array, with its byte order. */
public record NumpyType(ElementType elements, boolean isBigEndian) {
  /** The supported types, for error messages. */
  static final String NAMES = "f2, f4, f8, i1 to i8, u1 to u8 and b1";

  private static final Map<String, ElementType> TYPES =
      Map.ofEntries(
          Map.entry("f2", ElementType.FLOAT16),
          Map.entry("f4", ElementType.FLOAT32),
          Map.entry("f8", ElementType.FLOAT64),
          Map.entry("i1", ElementType.INT8),
          Map.entry("i2", ElementType.INT16),
          Map.entry("i4", ElementType.INT32),
          Map.entry("i8", ElementType.INT64),
          Map.entry("u1", ElementType.UINT8),
          Map.entry("u2", ElementType.UINT16),
          Map.entry("u4", ElementType.UINT32),
          Map.entry("u8", ElementType.UINT64),
          Map.entry("b1", ElementType.BOOL));

  /** The type for a description such as {@code <f4}; without a byte order it is little-endian. */
  public static Optional<NumpyType> of(String description) {
    boolean hasOrder = !description.isEmpty() && "<>|=".indexOf(description.charAt(0)) >= 0;
    var type = TYPES.get(hasOrder ? description.substring(1) : description);
    return Optional.ofNullable(type)
        .map(elements -> new NumpyType(elements, description.startsWith(">")));
  }

  /** Stored elements of this type in little-endian order. */
  public Content littleEndian(Content stored) {
    return isBigEndian ? BigEndianContent.of(stored, elements.bytes()) : stored;
  }
}
