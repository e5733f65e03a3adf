package ai.transonnx.runtime.internal.scan;

import ai.transonnx.format.internal.proto.TensorShapeProto;
import ai.transonnx.format.internal.proto.TypeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.io.IOException;

/** Scans named values and their types. */
final class TypeScan {
  private final Source source;
  private final boolean keepsNames;

  private TypeScan(Source source, boolean keepsNames) {
    this.source = source;
    this.keepsNames = keepsNames;
  }

  /** A scan of types, and of values inside the model. */
  static TypeScan inside(Source source) {
    return new TypeScan(source, false);
  }

  /** A scan of inputs and outputs: their names and dimensions also become texts in Java. */
  static TypeScan ofPorts(Source source) {
    return new TypeScan(source, true);
  }

  private void name() throws IOException {
    if (keepsNames) {
      source.keptName();
    } else {
      source.name();
    }
  }

  /** Scans a field that is a named value. */
  void value() throws IOException {
    source.message(
        number -> {
          switch (number) {
            case ValueInfoProto.NAME_FIELD_NUMBER -> name();
            case ValueInfoProto.TYPE_FIELD_NUMBER -> type();
            default -> source.prose();
          }
        },
        ValueInfoProto.NAME_FIELD_NUMBER,
        ValueInfoProto.TYPE_FIELD_NUMBER);
  }

  /** Scans a field that is a type. */
  void type() throws IOException {
    source.message(
        number -> {
          switch (number) {
            case TypeProto.TENSOR_TYPE_FIELD_NUMBER, TypeProto.SPARSE_TENSOR_TYPE_FIELD_NUMBER ->
                source.message(this::tensor, TypeProto.Tensor.SHAPE_FIELD_NUMBER);
            case TypeProto.SEQUENCE_TYPE_FIELD_NUMBER, TypeProto.OPTIONAL_TYPE_FIELD_NUMBER ->
                elements(TypeProto.Sequence.ELEM_TYPE_FIELD_NUMBER);
            case TypeProto.MAP_TYPE_FIELD_NUMBER -> elements(TypeProto.Map.VALUE_TYPE_FIELD_NUMBER);
            default -> source.prose();
          }
        },
        TypeProto.TENSOR_TYPE_FIELD_NUMBER,
        TypeProto.SPARSE_TENSOR_TYPE_FIELD_NUMBER,
        TypeProto.SEQUENCE_TYPE_FIELD_NUMBER,
        TypeProto.OPTIONAL_TYPE_FIELD_NUMBER,
        TypeProto.MAP_TYPE_FIELD_NUMBER);
  }

  private void elements(int type) throws IOException {
    source.message(
        number -> {
          if (number == type) {
            type();
          } else {
            source.skip();
          }
        },
        type);
  }

  private void tensor(int number) throws IOException {
    if (number != TypeProto.Tensor.SHAPE_FIELD_NUMBER) {
      source.skip();
      return;
    }
    var dimensions = new Count(source, Limits.RANK, "dimensions in one shape");
    source.message(
        field -> {
          if (field == TensorShapeProto.DIM_FIELD_NUMBER) {
            dimensions.add();
            source.message(this::dimension);
          } else {
            source.skip();
          }
        });
  }

  private void dimension(int number) throws IOException {
    if (number == TensorShapeProto.Dimension.DIM_PARAM_FIELD_NUMBER) {
      name();
    } else {
      source.skip();
    }
  }
}
