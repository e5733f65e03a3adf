package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.TensorProto.DataType;
import ai.transonnx.format.internal.proto.TypeProto;
import java.util.Optional;

/**
 * The type of a value without its sizes.
 *
 * @param elements the number of the element type, as in {@code TensorProto.DataType}
 * @param isSequence whether the value is a sequence of tensors of this element type
 */
record StaticType(int elements, boolean isSequence) {
  static StaticType tensor(DataType elements) {
    return new StaticType(elements.getNumber(), false);
  }

  static StaticType tensor(int elements) {
    return new StaticType(elements, false);
  }

  static StaticType sequence(int elements) {
    return new StaticType(elements, true);
  }

  /** The type that a file states; empty if it is neither a tensor nor a sequence of tensors. */
  static Optional<StaticType> of(TypeProto type) {
    return switch (type.getValueCase()) {
      case TENSOR_TYPE -> known(type.getTensorType().getElemType(), false);
      case SEQUENCE_TYPE ->
          known(type.getSequenceType().getElemType().getTensorType().getElemType(), true);
      default -> Optional.empty();
    };
  }

  private static Optional<StaticType> known(int elements, boolean isSequence) {
    return elements == DataType.UNDEFINED_VALUE
        ? Optional.empty()
        : Optional.of(new StaticType(elements, isSequence));
  }

  /** Whether the elements have a floating-point type with which operators compute. */
  boolean isFloat() {
    return isFloat(elements);
  }

  /** Whether this is the number of a floating-point type with which operators compute. */
  static boolean isFloat(int elements) {
    return switch (elements) {
      case DataType.FLOAT_VALUE,
          DataType.FLOAT16_VALUE,
          DataType.BFLOAT16_VALUE,
          DataType.DOUBLE_VALUE ->
          true;
      default -> false;
    };
  }

  /** This type in the twin, where every floating-point type is float64. */
  StaticType exact() {
    return isFloat() ? new StaticType(DataType.DOUBLE_VALUE, isSequence) : this;
  }

  /** The type as a file states it, without a shape. */
  TypeProto toProto() {
    var tensor = TypeProto.newBuilder();
    tensor.getTensorTypeBuilder().setElemType(elements);
    if (!isSequence) {
      return tensor.build();
    }
    var sequence = TypeProto.newBuilder();
    sequence.getSequenceTypeBuilder().setElemType(tensor);
    return sequence.build();
  }
}
