package ai.transonnx.export.internal.onnx;

import ai.transonnx.format.Dim;
import ai.transonnx.format.internal.proto.TensorShapeProto;
import ai.transonnx.format.internal.proto.TypeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;

/** Encodes types of values as ONNX messages. */
final class TypeEncoder {
  private TypeEncoder() {}

  /** A {@code ValueInfoProto}. */
  static MessageWriter encode(Value value) {
    return new MessageWriter()
        .text(ValueInfoProto.NAME_FIELD_NUMBER, value.name())
        .message(ValueInfoProto.TYPE_FIELD_NUMBER, encode(value.type()));
  }

  private static MessageWriter encode(TensorType type) {
    var tensor =
        new MessageWriter()
            .number(TypeProto.Tensor.ELEM_TYPE_FIELD_NUMBER, type.elements().onnxNumber())
            .message(TypeProto.Tensor.SHAPE_FIELD_NUMBER, encode(type.shape()));
    return new MessageWriter().message(TypeProto.TENSOR_TYPE_FIELD_NUMBER, tensor);
  }

  private static MessageWriter encode(Shape shape) {
    var dims = shape.dims().stream().map(TypeEncoder::encode).toList();
    return new MessageWriter().messages(TensorShapeProto.DIM_FIELD_NUMBER, dims);
  }

  /** A {@code Dimension}; one whose size cannot be inferred stays unset. */
  private static MessageWriter encode(Dim dim) {
    var encoded = new MessageWriter();
    if (dim.isFixed()) {
      encoded.number(TensorShapeProto.Dimension.DIM_VALUE_FIELD_NUMBER, dim.size());
    } else if (!dim.isUnknown()) {
      encoded.text(TensorShapeProto.Dimension.DIM_PARAM_FIELD_NUMBER, dim.toString());
    }
    return encoded;
  }
}
