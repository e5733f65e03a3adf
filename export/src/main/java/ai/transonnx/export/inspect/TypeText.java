package ai.transonnx.export.inspect;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorShapeProto;
import ai.transonnx.format.internal.proto.TypeProto;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats types for people. */
final class TypeText {
  private static final String UNKNOWN = "?";

  private TypeText() {}

  static String of(TypeProto type) {
    return switch (type.getValueCase()) {
      case TENSOR_TYPE ->
          tensor(
              type.getTensorType().getElemType(),
              type.getTensorType().hasShape(),
              type.getTensorType().getShape());
      case SPARSE_TENSOR_TYPE ->
          "sparse "
              + tensor(
                  type.getSparseTensorType().getElemType(),
                  type.getSparseTensorType().hasShape(),
                  type.getSparseTensorType().getShape());
      case SEQUENCE_TYPE -> "sequence of " + of(type.getSequenceType().getElemType());
      case OPTIONAL_TYPE -> "optional " + of(type.getOptionalType().getElemType());
      case MAP_TYPE ->
          "map from %s to %s"
              .formatted(
                  ofElements(type.getMapType().getKeyType()), of(type.getMapType().getValueType()));
      case OPAQUE_TYPE -> "opaque " + type.getOpaqueType().getName();
      case VALUE_NOT_SET -> UNKNOWN;
    };
  }

  /** The name of a {@code TensorProto.DataType}. */
  static String ofElements(int number) {
    return ElementType.ofOnnxNumber(number)
        .map(ElementType::toString)
        .orElseGet(
            () -> {
              var known = TensorProto.DataType.forNumber(number);
              return known == null ? "type " + number : known.name().toLowerCase(Locale.ROOT);
            });
  }

  private static String tensor(int elements, boolean hasShape, TensorShapeProto shape) {
    return ofElements(elements) + " " + (hasShape ? of(shape) : UNKNOWN);
  }

  private static String of(TensorShapeProto shape) {
    return shape.getDimList().stream()
        .map(
            dim ->
                switch (dim.getValueCase()) {
                  case DIM_VALUE -> Long.toString(dim.getDimValue());
                  case DIM_PARAM -> dim.getDimParam();
                  case VALUE_NOT_SET -> UNKNOWN;
                })
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
