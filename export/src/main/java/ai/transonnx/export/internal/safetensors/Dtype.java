package ai.transonnx.export.internal.safetensors;

import ai.transonnx.format.ElementType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The element types of the format; the constants have the names in the file. */
enum Dtype {
  F64(ElementType.FLOAT64),
  F32(ElementType.FLOAT32),
  F16(ElementType.FLOAT16),
  BF16(ElementType.BFLOAT16),
  I64(ElementType.INT64),
  I32(ElementType.INT32),
  I16(ElementType.INT16),
  I8(ElementType.INT8),
  U64(ElementType.UINT64),
  U32(ElementType.UINT32),
  U16(ElementType.UINT16),
  U8(ElementType.UINT8),
  BOOL(ElementType.BOOL);

  /** All names, for error messages. */
  static final String NAMES =
      Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));

  private final ElementType elements;

  Dtype(ElementType elements) {
    this.elements = elements;
  }

  static Optional<Dtype> of(String name) {
    return Arrays.stream(values()).filter(d -> d.name().equals(name)).findAny();
  }

  ElementType elements() {
    return elements;
  }
}
